import type { JobSpec } from './job.js';

/** A command as one line: a shell text as it is, a list quoted where a shell would need it. Empty: there is none. */
export function commandLine(command: JobSpec['command']): string {
  if (command === null) return '';
  if (typeof command === 'string') return command;
  return command.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}
