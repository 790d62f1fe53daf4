import { spawn } from 'node:child_process';
import type { StartProcess } from './process-start.js';

/**
 * Starts a process by Node's own `spawn`. It forks, and holds the calling thread until the new program runs: some
 * milliseconds, more the more memory this process has. It works wherever Node does.
 */
export const startByNode: StartProcess = async ({ argv: [program, ...args], cwd, env, stdio }) => {
  const child = spawn(program, args, { cwd, env, detached: true, stdio });
  // A failing kill or message also comes as an error; none of ours can.
  child.on('error', () => {});
  const { pid } = child;
  if (pid === undefined) throw await new Promise<NodeJS.ErrnoException>((resolve) => child.once('error', resolve));
  return { pid, onExit: (listener) => void child.once('exit', (code, signal) => listener({ code, signal })) };
};
