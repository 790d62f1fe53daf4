import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { allVariables, loadConfig, unknownVariables, ConfigError, fileVariableOf } from '@drover/config';
import { DIALECTS } from './index.js';

function problemsOf(env: Record<string, string>): string {
  try {
    loadConfig(env, DIALECTS);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  throw new Error('loadConfig accepted it');
}

describe('loadConfig', () => {
  it('gives a loopback API on 8080 with the embedded Postgres when nothing is set', () => {
    const config = loadConfig({}, DIALECTS);
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      databaseUrl: null,
      redisUrl: null,
      queues: [{ name: 'default', slots: null }],
      auth: 'none',
      apiUrl: 'http://127.0.0.1:8080',
      nodeName: hostname(),
      logLevel: 'info',
    });
    expect(config.dataDir).toBe(`${process.cwd()}/.drover`);
  });

  it('reads queues with and without slots, labels, times and URLs', () => {
    const config = loadConfig(
      {
        DROVER_QUEUES: ' default , gpu=2 ',
        DROVER_LABELS: 'zone=a, disk=fast=er',
        DROVER_DRAIN_TIMEOUT: '2m',
        DROVER_SAMPLE_PERIOD: '250ms',
        DROVER_API_URL: 'https://broker.example/',
        DROVER_REDIS_URL: 'redis+cluster://a:6379,b:6379',
      },
      DIALECTS,
    );
    expect(config.queues).toEqual([
      { name: 'default', slots: null },
      { name: 'gpu', slots: 2 },
    ]);
    expect(config.labels).toEqual({ zone: 'a', disk: 'fast=er' });
    expect(config.drainTimeoutS).toBe(120);
    expect(config.samplePeriodS).toBe(0.25);
    expect(config.apiUrl).toBe('https://broker.example');
  });

  it('takes no key of tokens with fewer than 32 characters, and says how to get one', () => {
    for (const variable of ['DROVER_JWT_SIGNING_KEY', 'DROVER_JWT_PREVIOUS_KEYS', 'FLUX_SECRET_KEY']) {
      const problems = problemsOf({ [variable]: 'x'.repeat(31) });
      expect(problems).toContain(variable);
      expect(problems).toContain('must have at least 32 characters, such as the output of `openssl rand -hex 32`');
      expect(problems).not.toContain('xxx');
      expect(() => loadConfig({ [variable]: 'x'.repeat(32) }, DIALECTS)).not.toThrow();
    }
  });

  it('speaks every dialect unless DROVER_DIALECTS names some, and keeps the one that logs clients in', () => {
    expect(loadConfig({}, DIALECTS).speaks).toEqual(['fastlane', 'flux', 'hpc', 'metric-proxy', 'testflinger']);
    expect(loadConfig({ DROVER_DIALECTS: 'Flux, testflinger' }, DIALECTS).speaks).toEqual(['flux', 'testflinger']);
    expect(problemsOf({ DROVER_DIALECTS: 'slurm' })).toContain('"slurm" is none');
    expect(problemsOf({ DROVER_DIALECTS: 'flux', DROVER_AUTH: 'oauth2' })).toContain('must name testflinger');
  });

  it('leaves open what DROVER_AUTH_OPEN names of the product and of dialects, and nothing else', () => {
    const open = 'metrics, metric-proxy, hpc-events';
    expect(loadConfig({ DROVER_AUTH_OPEN: open }, DIALECTS).access.open).toEqual(open.split(', '));
    expect(problemsOf({ DROVER_AUTH_OPEN: 'metrics,jobs' })).toContain(
      'must be a list of metrics, hpc-events, metric-proxy; "jobs" is none',
    );
    // A program that knows no dialect does not judge the names of their parts.
    expect(loadConfig({ DROVER_AUTH_OPEN: 'metric-proxy' }).access.open).toEqual(['metric-proxy']);
  });

  it('names every problem at once, with variable, value and remedy, and shows no secret', () => {
    const message = problemsOf({
      DROVER_PORT: 'http',
      DROVER_QUEUES: 'a=0',
      DROVER_AUTH: 'basic',
      DROVER_DATABASE_URL: 'mysql://root:hunter2@db/x',
      DROVER_ENROLMENT_TOKEN: 'short',
    });
    expect(message).toContain('5 problems');
    expect(message).toContain('DROVER_PORT=http: must be a whole number from 1 to 65535.');
    expect(message).toContain('the slots of "a" must be a whole number');
    expect(message).toContain('DROVER_AUTH=basic: must be one of none, oauth2.');
    expect(message).toContain('DROVER_DATABASE_URL=mysql://root:***@db/x');
    expect(message).toContain('DROVER_ENROLMENT_TOKEN=***');
    expect(message).not.toContain('hunter2');
    expect(message).not.toContain('short');
  });

  it('refuses an address others can reach without a login, unless told that it is meant', () => {
    expect(problemsOf({ DROVER_HOST: '0.0.0.0' })).toContain('DROVER_AUTH=oauth2');
    expect(loadConfig({ DROVER_HOST: '0.0.0.0', DROVER_INSECURE: '1' }, DIALECTS).apiUrl).toBe('http://127.0.0.1:8080');
    expect(loadConfig({ DROVER_HOST: '::', DROVER_AUTH: 'oauth2' }, DIALECTS).apiUrl).toBe('http://127.0.0.1:8080');
    expect(loadConfig({ DROVER_HOST: '::1' }, DIALECTS).apiUrl).toBe('http://[::1]:8080');
  });

  it('refuses a queue named twice', () => {
    expect(problemsOf({ DROVER_QUEUES: 'a,a=2' })).toContain('names the queue "a" twice');
  });

  it('cannot be changed afterwards', () => {
    const config = loadConfig({}, DIALECTS);
    expect(() => Object.assign(config, { port: 1 })).toThrow(TypeError);
    expect(() => Object.assign(config.queues[0] ?? {}, { name: 'x' })).toThrow(TypeError);
  });
});

describe('the reference table', () => {
  it('documents every variable that is read, and nothing else', () => {
    const read = new Set<string>();
    const env = new Proxy({} as Record<string, string>, {
      get: (_, name) => {
        if (typeof name === 'string') read.add(name);
        return undefined;
      },
    });
    loadConfig(env, DIALECTS);
    const documented = allVariables(DIALECTS).flatMap(({ variable }) =>
      variable.secret ? [variable.name, fileVariableOf(variable.name)] : [variable.name],
    );
    expect([...read].sort()).toEqual([...documented].sort());
    expect(new Set(documented).size).toBe(documented.length);
  });

  it('says of every variable what it is for, what it accepts and what is used without it', () => {
    for (const { variable } of allVariables(DIALECTS)) {
      expect(variable.about, variable.name).toMatch(/^[\w"'].{10,}\.$/);
      expect(variable.accepts, variable.name).not.toBe('');
      expect(variable.fallback, variable.name).not.toMatch(/see above|^$/);
    }
  });

  it('finds typing errors in names', () => {
    expect(
      unknownVariables(DIALECTS, {
        DROVER_PROT: '1',
        DROVER_TEST_REDIS_URL: 'x',
        HOME: '/',
        DROVER_WHATEVER_ELSE: '1',
      }),
    ).toEqual([
      { name: 'DROVER_PROT', meant: 'DROVER_PORT' },
      { name: 'DROVER_WHATEVER_ELSE', meant: null },
    ]);
  });
});
