import { expect, it } from 'vitest';
import { chartsAt, logAt } from './moment.js';

const at = '2030-01-31T08:00:00.000Z';

it('a moment of a job leads from its log to its charts, and back to the same lines', () => {
  const moment = { at, execution: 'e-1', lines: '#L120-L140' };
  expect(chartsAt('j-1', moment)).toBe('/jobs/j-1?tab=charts&execution=e-1&at=2030-01-31T08%3A00%3A00.000Z#L120-L140');
  expect(logAt('j-1', moment)).toBe('/jobs/j-1?execution=e-1#L120-L140');
});

it('a moment of the charts leads to the line of its time', () => {
  expect(logAt('j-1', { at, execution: null, lines: '' })).toBe('/jobs/j-1?at=2030-01-31T08%3A00%3A00.000Z');
});
