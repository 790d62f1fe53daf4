import type { Command } from 'commander';
import { addDoctor } from './doctor.command.js';
import { addMigrate } from './migrate.command.js';
import { addUp } from './up.command.js';

/** Every command, in the order of the help. Each loads its work only when it is called, so that the others start fast. */
export const commands: readonly ((program: Command) => void)[] = [addUp, addMigrate, addDoctor];
