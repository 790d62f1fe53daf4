import { readFileSync, statSync } from 'node:fs';

/** Every secret setting X may be given as X_FILE: a file that holds the value. */
export const fileVariableOf = (name: string): string => `${name}_FILE`;

const LARGEST_BYTES = 64 * 1024;

/** The text of such a file without white space around it. @throws Error with a sentence about the file */
export function readSecretFile(path: string): string {
  let text: string;
  try {
    const { size } = statSync(path);
    if (size > LARGEST_BYTES) throw new Error(`is larger than ${LARGEST_BYTES / 1024} KiB`);
    text = readFileSync(path, 'utf8').trim();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(
      `names a file that ${code === undefined ? message : `cannot be read (${code})`}: give the path of a file that this user may read and that holds the value.`,
      { cause: error },
    );
  }
  if (text === '') throw new Error('names an empty file: put the value into it.');
  return text;
}
