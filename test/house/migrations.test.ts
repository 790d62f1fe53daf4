import { expect, it } from 'vitest';
import { sources } from './sources.js';

/** The newest migration of release 0.1.0. */
const RELEASED = 1790000404000;

/**
 * Statements that take away what an API of the release before may use, or that it cannot write without. A step that
 * expands has none of them.
 */
const TAKES_AWAY: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['drops a table', /\bDROP TABLE\b/i],
  ['drops a column', /\bDROP COLUMN\b/i],
  ['drops a default', /\bDROP DEFAULT\b/i],
  ['drops a constraint', /\bDROP CONSTRAINT\b/i],
  ['drops an index', /\bDROP INDEX (?!CONCURRENTLY IF EXISTS)/i],
  ['drops a trigger or a function', /\bDROP (TRIGGER|FUNCTION)\b/i],
  ['renames', /\bRENAME (TO|COLUMN)\b/i],
  ['changes a type', /\bALTER COLUMN \S+ (SET DATA )?TYPE\b/i],
  ['forbids null', /\bSET NOT NULL\b/i],
  ['adds a column that must be given', /\bADD COLUMN (?:(?!,)[^;`'])*\bNOT NULL\b(?![^,;`]*\bDEFAULT\b)/i],
];

/** Migrations that take something away although they expand, each with what an API of 0.1.0 has instead. */
const MENDED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '1790000510000': { 'drops a table': 'its function drops the table of a day that is over' },
  '1790000571000': { 'drops a default': 'the trigger event_position of 1790000405000 places its events' },
  '1790000750000': { 'drops a constraint': 'it inserts without naming the key that is replaced' },
  '1790001030000': { 'drops a trigger or a function': 'the trail of audits is not written by it' },
  '1790001070000': { 'drops an index': 'alarm_rule_name_0_1_0 of 1790000405000 stays beside the new one' },
};

/** Locks that stop writers while rows are read: each with its reason. */
const STOPS_WRITERS: Readonly<Record<string, string>> = {
  '1790000571000': 'it holds the lock for one constant',
  '1790001020000': 'it counts the jobs once',
};

const migrations = sources('libs/store/src/migrations', 'libs/dialects')
  .map(({ path, text }) => ({ path, text, stamp: /migrations\/(\d{13})-/.exec(path)?.[1] ?? '' }))
  .filter(({ stamp }) => stamp !== '');

/** The part that `up` runs: all but `down`. */
function upOf(text: string): string {
  const begin = text.search(/\n {2}(\/\*\*[^\n]*\n(?: {3}\*[^\n]*\n)*\s*)?async down\(/);
  if (begin < 0) return text;
  const end = text.indexOf('\n  }', begin);
  return `${text.slice(0, begin)}${text.slice(end)}`;
}

const later = migrations.filter(({ stamp }) => Number(stamp) > RELEASED);

it('finds the migrations', () => {
  expect(migrations.length).toBeGreaterThan(40);
  expect(later.length).toBeGreaterThan(25);
});

it.each(later)('says whether it expands or contracts: $path', ({ text }) => {
  expect(text).toMatch(/^ {2}readonly phase = '(expand|contract)';$/m);
});

it.each(later.filter(({ text }) => text.includes(`phase = 'contract'`)))(
  'names the release that must be gone before it: $path',
  ({ text }) => {
    expect(text).toMatch(/^ {2}readonly after = '\d+\.\d+\.\d+';$/m);
  },
);

it.each(later.filter(({ text }) => text.includes(`phase = 'expand'`)))(
  'takes nothing away from the release before: $path',
  ({ text, stamp }) => {
    // Constants that only `down` uses stand outside of it.
    const up = upOf(text).replace(/\nconst \w+_BEFORE = [^;]*;/g, '');
    const found = TAKES_AWAY.filter(([, pattern]) => pattern.test(up)).map(([what]) => what);
    expect(found.toSorted()).toEqual(Object.keys(MENDED[stamp] ?? {}).toSorted());
  },
);

it.each(later)('stops no writer while it reads a table, or says why it may: $path', ({ text, stamp }) => {
  const up = upOf(text);
  const locks = /\bLOCK TABLE\b(?![^']*sample_default)/.test(up);
  expect(locks ? stamp : '').toBe(STOPS_WRITERS[stamp] === undefined ? '' : stamp);
});

it.each(later.filter(({ text }) => !text.includes(`phase = 'contract'`)))(
  'makes indexes of tables that grow beside the running broker: $path',
  ({ text, stamp }) => {
    const up = upOf(text);
    const made = [...up.matchAll(/CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY)[\w$ {}]+ ON (\w+)/g)].map(
      ([, table]) => table,
    );
    const grows = made.filter((table) =>
      ['job', 'execution', 'event', 'log_chunk', 'artifact', 'sample'].includes(table ?? ''),
    );
    expect(grows).toEqual(stamp === '1790000490000' ? ['job', 'job'] : []);
  },
);
