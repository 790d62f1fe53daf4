import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { commands } from '../../apps/cli/src/commands/index.js';
import { bodyOf } from '../../apps/web/src/screens/submit/draft.js';
import { sectionsOf } from '../../apps/web/src/screens/submit/fields.js';
import { cliOf } from '../../apps/web/src/screens/submit/same.js';
import { SUBMIT_SCHEMA } from '../../apps/web/src/screens/submit/schema.generated.js';
import { PROJECT } from '../support/built.js';
import { page } from './sources.js';

const WEB = join(PROJECT, 'apps/web/src');
const program = new Command('drover').enablePositionalOptions();
for (const add of commands) add(program);

/** What the command line does not know of a line such as `drover submit --queue gpu -- make`. */
function unknownOf(line: string): string[] {
  const [, ...words] = line.split(' -- ')[0]?.split(/\s+/) ?? [];
  let command = program;
  for (const word of words) {
    const next = command.commands.find((one) => one.name() === word);
    if (!next) break;
    command = next;
  }
  const flags = words.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.replace(/[=,.:].*$/, ''));
  // A word such as `drover targets` stands for its list.
  const list = command.commands.find((one) => one.name() === 'list');
  const options = [...command.options, ...(list?.options ?? [])];
  return [
    ...(command === program ? [words[0] ?? line] : []),
    ...flags.filter((flag) => flag !== '--help' && !options.some(({ long, short }) => long === flag || short === flag)),
  ];
}

/** Every command line that the texts of the console hold. */
function shown(): string[] {
  const files = readdirSync(WEB, { recursive: true, encoding: 'utf8' }).filter(
    (name) => /\.tsx?$/.test(name) && !/\.test\.|submit\/same\.ts$/.test(name),
  );
  return files.flatMap((name) =>
    [...readFileSync(join(WEB, name), 'utf8').matchAll(/\bdrover [a-z][^`"<\n]*/g)].map(([line]) => line),
  );
}

/** Every command line in the running text of a page. Its blocks are run by test/documents. */
function mentioned(path: string): string[] {
  const text = page(path).replaceAll(/^```[^]*?^```$/gm, '');
  return [...text.matchAll(/`(?:[^`\n]*\s)?(drover [a-z][^`|;&)\n]*)[^`\n]*`/g)].map(([, line = '']) => line);
}

describe('a command line in the text of a page', () => {
  it('is one that drover takes', () => {
    const pages = readdirSync(join(PROJECT, 'docs'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md') && !name.startsWith('reference'))
      .map((name) => join('docs', name));
    const lines = [...pages, 'README.md'].flatMap((path) => mentioned(path).map((line) => [path, line] as const));
    expect(lines.length).toBeGreaterThan(50);
    expect(lines.map(([path, line]) => [path, line, unknownOf(line)])).toEqual(
      lines.map(([path, line]) => [path, line, []]),
    );
  });
});

describe('a command line that the console shows', () => {
  it('is one that drover takes', () => {
    const lines = shown();
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.map((line) => [line, unknownOf(line)])).toEqual(lines.map((line) => [line, []]));
  });

  it('has a flag that drover takes for each field of the form that it tells', () => {
    const fields = sectionsOf(SUBMIT_SCHEMA, 1).flatMap((section) => section.fields);
    const told = fields.flatMap(({ path, kind }) => {
      const text = kind === 'time' ? '2030-01-31T08:00' : kind === 'check' ? 'true' : '1';
      const line = cliOf(bodyOf({ command: 'true', [path]: text }));
      return line.includes(' --file ') ? [] : [line];
    });
    expect(told.length).toBeGreaterThan(12);
    expect(told.map((line) => [line, unknownOf(line)])).toEqual(told.map((line) => [line, []]));
  });
});
