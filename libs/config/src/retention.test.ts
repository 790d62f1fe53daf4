import { describe, expect, it } from 'vitest';
import { ConfigError } from './problems.js';
import { retention } from './retention.js';

const DAY_S = 86_400;

describe('the settings of retention', () => {
  it('have defaults, and take a time with others for some queues', () => {
    expect(retention.load({}).jobs).toEqual({ seconds: 90 * DAY_S, queues: {} });
    expect(retention.load({ DROVER_RETENTION_JOBS: '7d, builds=1h, releases=0' }).jobs).toEqual({
      seconds: 7 * DAY_S,
      queues: { builds: 3_600, releases: 0 },
    });
    expect(retention.load({ DROVER_RETENTION_JOBS: 'builds=1h' }).jobs).toEqual({
      seconds: 90 * DAY_S,
      queues: { builds: 3_600 },
    });
    expect(retention.load({ DROVER_RETENTION_LOGS: '0' }).logs.seconds).toBe(0);
  });

  it.each(['5', 'soon', '7d,builds', '7d,=1h', '7d,builds=1s'])('refuse %s', (value) =>
    expect(() => retention.load({ DROVER_RETENTION_JOBS: value })).toThrow(ConfigError),
  );

  it('keep the audit trail for 30 days at least', () => {
    expect(() => retention.load({ DROVER_RETENTION_AUDIT: '29d' })).toThrow(/30 days/);
    expect(retention.load({ DROVER_RETENTION_AUDIT: '0' }).auditS).toBe(0);
  });
});
