/*
 * The supervisor: `node main.js <root> <socket> <lease seconds> [posix_spawn|fork]`. Parent of every job process, so
 * that jobs and their exit codes survive the worker daemon. It imports Node and, for posix_spawn, koffi: it has to
 * start fast, stay small (a fork copies its page tables) and never change while jobs run.
 */
import { ExecutionTable } from './execution-table.js';
import { closeInherited } from './inherited.js';
import { startByNode } from './node-start.js';
import { posixStarter } from './posix-start.js';
import { SupervisorServer } from './server.js';

closeInherited();

const [root, socket, lease, spawn = 'posix_spawn'] = process.argv.slice(2);
if (root === undefined || socket === undefined || !(Number(lease) > 0)) {
  process.stderr.write('usage: supervisor <root> <socket> <lease seconds> [posix_spawn|fork]\n');
  process.exit(64);
}

process.title = 'drover-supervisor';

const startProcess = (spawn === 'fork' ? null : await posixStarter()) ?? startByNode;
if (spawn !== 'fork' && startProcess === startByNode)
  process.stderr.write(`${new Date().toISOString()} posix_spawn cannot be called here; jobs are started by fork.\n`);

const server = new SupervisorServer(
  {
    root,
    socket,
    leaseS: Number(lease),
    // Once what was sent has left.
    onExit: () => setTimeout(() => process.exit(0), 100),
  },
  (events) => new ExecutionTable(root, events, startProcess),
);

// Ctrl-C and a closed terminal are for the daemon, which ends us in an orderly way.
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});
process.on('SIGTERM', () => server.leave('The supervisor of the node was told to stop.', 5));
process.on('uncaughtException', (error) => {
  process.stderr.write(`${new Date().toISOString()} ${error.stack ?? error.message}\n`);
});

try {
  await server.listen();
} catch (error) {
  process.stderr.write(`${new Date().toISOString()} ${(error as Error).message}\n`);
  process.exit(1);
}
