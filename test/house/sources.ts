import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from '../support/built.js';

export interface Source {
  /** From the project's folder. */
  path: string;
  text: string;
}

export const page = (path: string): string => readFileSync(join(PROJECT, path), 'utf8');

/** The TypeScript files of the folders; those of tests and generated ones are left out. */
export function sources(...folders: string[]): Source[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(PROJECT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
    )
    .filter(
      (path) =>
        /\.tsx?$/.test(path) && !/\.(test|generated)\.ts$|\/metadata\.ts$|^libs\/dialects\/[^/]+\/test\//.test(path),
    )
    .map((path) => ({ path, text: page(path) }));
}
