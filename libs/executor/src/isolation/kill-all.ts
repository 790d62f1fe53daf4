import { spawn } from 'node:child_process';
import { SETPRIV, startingEnvironment } from './wrap.js';

/** KILL to every process of a user, in one call of the kernel. For users that belong to one execution alone. */
export function killAllOf(uid: number): void {
  const child = spawn(
    SETPRIV,
    [`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--', '/bin/sh', '-c', 'kill -KILL -1'],
    {
      cwd: '/',
      env: startingEnvironment('ending'),
      stdio: 'ignore',
      detached: true,
    },
  );
  // The next look tries again.
  child.on('error', () => {});
}
