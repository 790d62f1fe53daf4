import { describe, expect, it } from 'vitest';
import { checkCron } from './cron-pattern.js';

describe('checkCron', () => {
  it.each([['*/5 * * * *'], ['0 30 2 * * 1-5'], ['0 0 29 2 *']])('takes %s', (pattern) =>
    expect(() => checkCron(pattern, 'Europe/Berlin')).not.toThrow(),
  );

  it.each([
    ['* * * *', 'UTC', 'cron.pattern'],
    ['* * * * * * *', 'UTC', 'cron.pattern'],
    ['61 * * * *', 'UTC', 'cron.pattern'],
    ['tomorrow', 'UTC', 'cron.pattern'],
    ['', 'UTC', 'cron.pattern'],
    ['* * * * *', 'Berlin', 'cron.timezone'],
    ['* * * * *', '', 'cron.timezone'],
  ])('refuses "%s" in "%s" and names %s', (pattern, timezone, field) => {
    expect(() => checkCron(pattern, timezone)).toThrow(
      expect.objectContaining({ code: 'invalid', details: { faults: [expect.objectContaining({ field })] } }),
    );
  });
});
