import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The compiled program beside this file. */
const SUPERVISOR_ENTRY = fileURLToPath(new URL('./supervisor/main.js', import.meta.url));

/**
 * Starts a supervisor that outlives this process: own session, no shared standard streams, none of our secrets in its
 * environment. What it has to say is in `<name>.log` (default `supervisor`). Returns its pid.
 */
export function launchSupervisor(options: {
  root: string;
  socket: string;
  leaseS: number;
  entry?: string;
  name?: string;
  args?: string[];
}): number | undefined {
  const log = openSync(join(options.root, `${options.name ?? 'supervisor'}.log`), 'a', 0o600);
  try {
    const child = spawn(
      process.execPath,
      // A small young generation: each fork copies the page tables of everything touched.
      [
        '--max-semi-space-size=1',
        '--disable-wasm-trap-handler',
        options.entry ?? SUPERVISOR_ENTRY,
        options.root,
        options.socket,
        String(options.leaseS),
        ...(options.args ?? []),
      ],
      { cwd: options.root, detached: true, stdio: ['ignore', log, log], env: {} },
    );
    child.on('error', () => {});
    child.unref();
    return child.pid;
  } finally {
    closeSync(log);
  }
}
