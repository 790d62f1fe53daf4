import { expect, it } from 'vitest';
import { jobBaseEnv } from './job-env.js';

it('gives a job the path and the language of the worker, and none of its secrets', () => {
  const env = jobBaseEnv({
    PATH: '/opt/bin',
    LC_ALL: 'de_DE',
    DROVER_ENROLMENT_TOKEN: 'x'.repeat(20),
    AWS_SECRET_ACCESS_KEY: 'y',
    NODE_OPTIONS: '--inspect',
  });
  expect(env).toEqual({ PATH: '/opt/bin', LANG: 'C.UTF-8', LC_ALL: 'de_DE' });
});

it('gives a job a path even when the worker has none', () => {
  expect(jobBaseEnv({})['PATH']).toContain('/usr/bin');
});
