import type { Command } from 'commander';
import { addAlarms } from './alarms.command.js';
import { addBackup, addRestore } from './backup.commands.js';
import { addPriority, addTag } from './change.commands.js';
import { addClients } from './clients.command.js';
import { addCompletion } from './completion.command.js';
import { addCounters } from './counters.command.js';
import { addDoctor } from './doctor.command.js';
import { addEnrol } from './enrol.command.js';
import { addCancel, addGet, addList, addLogs, addPin, addRetry, addWait } from './jobs.commands.js';
import { addKeys } from './keys.command.js';
import { addLogin, addLogout } from './login.command.js';
import { addMigrate } from './migrate.command.js';
import { addNodes } from './nodes.command.js';
import { addExplain, addRuns, addTimeline } from './outlook.commands.js';
import { addPostgres } from './postgres.command.js';
import { addProfiles } from './profiles.command.js';
import { addProjects } from './projects.command.js';
import { addRun } from './run.command.js';
import { addSubmit } from './submit.command.js';
import { addTargets } from './targets.command.js';
import { addTop } from './top.command.js';
import { addUp } from './up.command.js';
import { addAgents, addDrain, addPause, addQueues } from './views.commands.js';
import { addWorker } from './worker.command.js';

/**
 * Every command, in the order of the help. What is heavy is loaded only when it is called, so that the others start
 * fast.
 */
export const commands: readonly ((program: Command) => void)[] = [
  addUp,
  addRun,
  addSubmit,
  addList,
  addGet,
  addLogs,
  addWait,
  addCancel,
  addRetry,
  addPriority,
  addTag,
  addPin,
  addCounters,
  addExplain,
  addRuns,
  addTop,
  addTimeline,
  addQueues,
  addPause,
  addDrain,
  addAgents,
  addNodes,
  addEnrol,
  addWorker,
  addAlarms,
  addProfiles,
  addTargets,
  addProjects,
  addLogin,
  addLogout,
  addClients,
  addKeys,
  addMigrate,
  addBackup,
  addRestore,
  addPostgres,
  addDoctor,
  addCompletion,
];
