/*
 * The floor of the supervisor: a small process that does for each job what the supervisor does and nothing else. It
 * opens two output files, starts the program in a session of its own with Node's `spawn`, and closes the files. `node
 * node-spawn.js rate JOBS AT_ONCE` prints starts a second; `node node-spawn.js starts RUNS GAP_MS` the times to the
 * program's first act.
 */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { runFloor, type Start } from './spawn-loop.js';

const start: Start = (program, args, files) =>
  new Promise((resolve, reject) => {
    const stdout = openSync(files.stdout, 'a', 0o600);
    const stderr = openSync(files.stderr, 'a', 0o600);
    const child = spawn(program, args, {
      stdio: ['ignore', stdout, stderr],
      detached: true,
      cwd: files.folder,
      env: { PATH: process.env['PATH'] ?? '' },
    });
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${program} ended with ${code}`))));
    closeSync(stdout);
    closeSync(stderr);
  });

await runFloor(start);
