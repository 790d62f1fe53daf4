import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Env } from './variable.js';

/** Where Drover keeps what belongs to the user of the command line: `$XDG_CONFIG_HOME/drover`, or `~/.config/drover`. */
export function userConfigFolder(env: Env = process.env): string {
  const base = env['XDG_CONFIG_HOME'];
  // A relative one counts as unset, says the XDG specification.
  return join(base !== undefined && isAbsolute(base) ? base : join(homedir(), '.config'), 'drover');
}
