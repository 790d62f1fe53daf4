import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { userConfigFolder } from './user-folder.js';

/** Where the settings of this machine's worker are: for root where systemd reads them, for others in their own folder. */
export const workerSettingsFile = (): string =>
  join(process.getuid?.() === 0 ? '/etc/drover' : userConfigFolder(), 'worker.env');

/** The settings in a file of lines KEY=value, as systemd reads them. Null: there is no such file. */
export function readSettings(file: string): Record<string, string> | null {
  try {
    return { ...parseEnv(readFileSync(file, 'utf8')) } as Record<string, string>;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw new Error(
      `${file} cannot be read (${code ?? message}): run this as the user it belongs to, or give it to this one.`,
      { cause: error },
    );
  }
}

/** Lets this process have the settings of a file. Those that its environment has count before them. */
export function useSettings(settings: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(settings)) process.env[name] ??= value;
}

const PLAIN = /^[\w./:=,@%+-]*$/;

/** A line of such a file. Quotes, backslashes and line breaks are in no value that this program writes. */
export function settingLine(name: string, value: string): string {
  if (/['"\\\p{Cc}]/u.test(value)) throw new Error(`${name} cannot be written to a file of settings: ${value}`);
  return `${name}=${PLAIN.test(value) ? value : `'${value}'`}\n`;
}
