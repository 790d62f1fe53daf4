import { describe, expect, it } from 'vitest';
import type { Job } from '../../api/types.js';
import { countsOf, rowsOf } from './folds.js';

const job = (id: string, parent: string | null = null, state: Job['state'] = 'succeeded'): Job =>
  ({ id, parent_id: parent, state }) as Job;
const page = (jobs: Job[] | null, count = jobs?.length ?? 0) => ({ cursor: undefined, jobs, count });
const family = [job('b', 'p'), job('c', 'p', 'failed'), job('d', 'p')];

describe('the rows of a list of jobs', () => {
  it('fold jobs of one parent that stand together, and unfold them when somebody asks', () => {
    const pages = [page([job('a'), ...family, job('e', 'q'), job('f', 'q')])];
    expect(rowsOf(pages, new Set()).map(({ kind, key }) => `${kind} ${key}`)).toEqual([
      'job a',
      'family p.b',
      'job e',
      'job f',
    ]);
    expect(rowsOf(pages, new Set(['p.b'])).map(({ key }) => key)).toEqual(['a', 'p.b', 'b', 'c', 'd', 'e', 'f']);
    expect(countsOf(family)).toEqual({ succeeded: 2, failed: 1 });
  });

  it('keep the place of a page that was let go', () => {
    const rows = rowsOf([page([job('a')]), page(null, 3), page([job('z')])], new Set());
    expect(rows.map(({ kind, page: at }) => `${kind} ${at}`)).toEqual(['job 0', 'gone 1', 'gone 1', 'gone 1', 'job 2']);
  });
});
