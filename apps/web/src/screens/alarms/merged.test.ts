import { expect, it } from 'vitest';
import type { AlarmFiring } from '../../api/types.js';
import { merged } from './merged.js';

const firing = (id: string, ended_at: string | null = null): AlarmFiring =>
  ({ id, ended_at }) as unknown as AlarmFiring;

it('rows change in their place, and new ones are counted', () => {
  const { rows, news } = merged(
    [firing('9'), firing('8'), firing('1')],
    [firing('11'), firing('10'), firing('9', 'x')],
  );
  expect(rows).toEqual([firing('9', 'x'), firing('8'), firing('1')]);
  expect(news).toBe(2);
  expect(merged([], [])).toEqual({ rows: [], news: 0 });
});
