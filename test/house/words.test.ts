import { describe, expect, it } from 'vitest';
import { page, sources } from './sources.js';

/** Words that had two meanings, or said the same as another one, and what is said instead. */
const RETIRED: readonly (readonly [word: RegExp, instead: string])[] = [
  [/\bisPlain\b/, 'needsOnlySlot, touchesOnlyItself'],
  [/nudge/i, 'poke'],
  [/\bOutbox|[a-z]Outbox|OUTBOX/, 'DispatchMark, ReportBuffer, SendBuffer'],
  [/supervisor\/ledger/, 'UnreportedEnds'],
  [/\b(FastLane|SampleLane)\b/, 'EarlyRoutes, EarlySamples'],
];

/** The table in Postgres keeps its name: only statements, migrations and the entity may say it. */
const TABLE_NAME = /^libs\/store\/src\//;

/** Names of files that tell nothing without their folder. */
const EMPTY_NAMES = /\/(words|read|values|lines|describe|table|settings|front|answers|bodies|trail)\.ts$/;

const code = sources('apps', 'libs');
const glossary = page('docs/architecture.md').split('## Glossary')[1]?.split('\n## ')[0] ?? '';
const rows = glossary
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (word|---)/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()));

describe('the words of docs/architecture.md', () => {
  it.each(rows.map(([, word = '']) => word))('are used by the code: %s', (word) => {
    const asWritten = new RegExp(word.replace(' ', '[ _-]?'), 'i');
    expect(code.filter(({ text }) => asWritten.test(text)).length, `files that say "${word}"`).toBeGreaterThan(0);
  });

  it('have one sentence each, and stand there once', () => {
    expect(rows.length).toBeGreaterThan(20);
    for (const [, word = '', meaning = ''] of rows)
      expect(`${word}: ${meaning}`).toMatch(/^[A-Z][a-z ]+: [A-Z].{15,}\.$/);
    expect(new Set(rows.map(([, word]) => word)).size).toBe(rows.length);
  });

  it.each(RETIRED)('do without %s: %s says it', (word) => {
    expect(code.filter(({ path, text }) => word.test(path) || word.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it('do without "outbox" but for the name of the table', () => {
    const said = code.filter(({ path, text }) => /outbox/i.test(text) && !TABLE_NAME.test(path));
    expect(said.map(({ path }) => path)).toEqual([]);
  });

  it('are what files of libs are called by: a name says what it holds without its folder', () => {
    const names = code.map(({ path }) => path).filter((path) => path.startsWith('libs/'));
    expect(names.filter((path) => EMPTY_NAMES.test(path))).toEqual([]);
  });
});
