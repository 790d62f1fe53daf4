import { describe, expect, it } from 'vitest';
import type { Job } from '../../api/types.js';
import { countsOf, pagesBehind, rowsOf } from './folds.js';

const job = (id: string, parent: string | null = null, state: Job['state'] = 'succeeded'): Job =>
  ({ id, parent_id: parent, state }) as Job;
const page = (jobs: Job[], held = true) => ({
  cursor: undefined,
  jobs: held ? jobs : null,
  count: jobs.length,
  parents: jobs.some(({ parent_id }) => parent_id !== null) ? jobs.map(({ parent_id }) => parent_id) : null,
  ids: jobs.some(({ parent_id }) => parent_id !== null) ? jobs.map(({ id }) => id) : null,
});
const family = [job('b', 'p'), job('c', 'p', 'failed'), job('d', 'p')];
const keysOf = (...args: Parameters<typeof rowsOf>): string[] => rowsOf(...args).map(({ key }) => key);

describe('the rows of a list of jobs', () => {
  it('fold the jobs of one parent, and unfold them when somebody asks', () => {
    const pages = [page([job('a'), ...family.slice(0, 2), job('e', 'q'), ...family.slice(2), job('f', 'q')])];
    expect(keysOf(pages, new Set())).toEqual(['a', 'family.p', 'e', 'f']);
    expect(keysOf(pages, new Set(['family.p']))).toEqual(['a', 'family.p', 'b', 'c', 'd', 'e', 'f']);
    expect(keysOf(pages, new Set(), false)).toEqual(['a', 'b', 'c', 'e', 'd', 'f']);
    expect(countsOf(family)).toEqual({ succeeded: 2, failed: 1 });
  });

  it('take the jobs of later pages into the family above, and leave every row that showed where it was', () => {
    const first = page([job('a', 'q'), ...family]);
    const later = page([job('g', 'p'), job('h', 'p'), job('i', 'q'), job('j', 'q'), job('k', 'q')]);
    expect(keysOf([first], new Set())).toEqual(['a', 'family.p']);
    const rows = rowsOf([first, later], new Set());
    expect(rows.map(({ key }) => key)).toEqual(['a', 'family.p', 'family.q']);
    expect(rows[1]).toMatchObject({ ids: ['b', 'c', 'd', 'g', 'h'], jobs: family, page: 0 });
    expect(pagesBehind(rows, 2)).toBe(0);
    expect(pagesBehind(rowsOf([first, page([job('g', 'p')])], new Set()), 2)).toBe(1);
  });

  it('keep the place of a page that was let go, with its families', () => {
    const rows = rowsOf([page([job('a')]), page([...family, job('e')], false), page([job('z')])], new Set());
    expect(rows.map(({ kind, page: at }) => `${kind} ${at}`)).toEqual(['job 0', 'family 1', 'gone 1', 'job 2']);
    // It is selected whole all the same.
    expect(rows[1]).toMatchObject({ ids: ['b', 'c', 'd'], jobs: [] });
  });
});
