/*
 * The supervisor: `node main.js <root> <socket> <lease seconds>`. Parent of every job process, so that jobs and their exit
 * codes survive the worker daemon. Imports nothing but Node: it has to start fast, stay small (a fork copies its page
 * tables) and never change while jobs run.
 */
import { closeInherited } from './inherited.js';
import { SupervisorServer } from './server.js';

closeInherited();

const [root, socket, lease] = process.argv.slice(2);
if (root === undefined || socket === undefined || !(Number(lease) > 0)) {
  process.stderr.write('usage: supervisor <root> <socket> <lease seconds>\n');
  process.exit(64);
}

process.title = 'drover-supervisor';

const server = new SupervisorServer({
  root,
  socket,
  leaseS: Number(lease),
  // Once what was sent has left.
  onExit: () => setTimeout(() => process.exit(0), 100),
});

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
