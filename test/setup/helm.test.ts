import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { allVariables, loadConfig, NODE_FLAGS } from '@drover/config';
import { DIALECTS } from '@drover/dialects';
import { startApi } from '../support/api.js';
import { PROJECT } from '../support/built.js';
import { CHART, lint, refusal, render, strangers, type KubernetesObject } from '../support/helm.js';

const text = (path: string): string => readFileSync(join(PROJECT, path), 'utf8');
const yaml = (path: string): KubernetesObject => parse(text(path), { merge: true });
const { version } = JSON.parse(text('package.json')) as { version: string };

const SECRET = 'geheim0123456789geheim0123456789';
const SECRETS = {
  DROVER_DATABASE_URL: `postgres://drover:${SECRET}@db.lab:5432/drover`,
  DROVER_ENROLMENT_TOKEN: SECRET,
  instance_key: SECRET,
};

/** Values of installations that people have. */
const INSTALLATIONS: Record<string, object> = {
  'with a record of their own': {
    secret: { values: { ...SECRETS, DROVER_SMTP_URL: `smtp://a:${SECRET}@mail.lab` } },
    api: { settings: { DROVER_MAIL_FROM: 'drover@lab.example', DROVER_RETENTION_JOBS: '30d' } },
    worker: { labels: { zone: 'a' }, slots: 8, settings: { DROVER_SAMPLE_PERIOD: 2 } },
  },
  'with everything': {
    image: { repository: 'registry.lab/drover', digest: `sha256:${'ab'.repeat(32)}`, pullSecrets: [{ name: 'pull' }] },
    secret: {
      existing: 'drover-keys',
      keys: [
        ...Object.keys(SECRETS),
        'DROVER_MIGRATE_URL',
        'DROVER_TICKETS_URL',
        'DROVER_REDIS_URL',
        'DROVER_S3_SECRET_ACCESS_KEY',
      ],
    },
    api: { replicas: 3, hosts: ['drover.lab'], nodeSelector: { disk: 'fast' }, priorityClassName: 'high' },
    ingress: {
      enabled: true,
      className: 'nginx',
      hosts: ['drover.example'],
      tlsSecret: 'drover-cert',
      annotations: { 'nginx.ingress.kubernetes.io/proxy-buffering': 'off' },
    },
    tls: { secret: 'drover-tls', privateAuthority: true },
    blobs: { s3: { bucket: 'drover', endpoint: 'https://s3.lab', region: 'x', prefix: 'a', accessKeyId: 'AKIA' } },
    worker: {
      isolation: 'namespace',
      engineSocket: '/run/podman/podman.sock',
      tolerations: [{ operator: 'Exists' }],
      podAnnotations: { team: 'farm' },
    },
    migration: { finish: true },
    metrics: {
      serviceMonitor: { enabled: true, oauth2: { tokenUrl: 'http://drover.lab/v1/oauth2/token' } },
      prometheusRule: { enabled: true, labels: { release: 'prometheus' } },
    },
    networkPolicy: { enabled: true },
  },
  'with the stores of the chart': {
    secret: {
      values: {
        DROVER_ENROLMENT_TOKEN: SECRET,
        instance_key: SECRET,
        postgres_password: SECRET,
        record_password: SECRET,
        redis_password: SECRET,
      },
    },
    api: { replicas: 1 },
    blobs: { volume: { accessModes: ['ReadWriteOnce'], storageClass: 'fast' } },
    worker: { isolation: 'none' },
    postgres: { enabled: true, storageClass: 'fast' },
    redis: { enabled: true },
    metrics: { open: true, serviceMonitor: { enabled: true } },
    networkPolicy: { enabled: true },
  },
  'of workers alone': {
    secret: { values: { DROVER_ENROLMENT_TOKEN: SECRET } },
    api: { enabled: false },
    worker: { apiUrl: 'https://drover.example', metrics: { enabled: false }, data: { hostPath: '' } },
    networkPolicy: { enabled: true },
  },
};
const NAMES = Object.keys(INSTALLATIONS);
const rendered = new Map<string, KubernetesObject[]>();
const objects = (name: string): KubernetesObject[] => rendered.get(name) ?? [];

beforeAll(() => {
  for (const [name, values] of Object.entries(INSTALLATIONS)) rendered.set(name, render(values, '--is-upgrade'));
});

const templateOf = (object: KubernetesObject): KubernetesObject => object.spec?.template;
const pods = (name: string): KubernetesObject[] => objects(name).filter((object) => templateOf(object) !== undefined);
const containersOf = (object: KubernetesObject): KubernetesObject[] => {
  const { containers, initContainers = [] } = templateOf(object).spec;
  return [...initContainers, ...containers];
};
const isOurs = (container: KubernetesObject): boolean => /(^|\/)drover[:@]/.test(container.image);
const find = (name: string, kind: string, suffix = ''): KubernetesObject =>
  objects(name).find((object) => object.kind === kind && object.metadata.name.endsWith(suffix));
const fits = (labels: object, selector: object): boolean =>
  Object.entries(selector).every(([label, value]) => (labels as Record<string, string>)[label] === value);

describe.each(NAMES)('the chart of an installation %s', (name) => {
  it('pleases helm', () => {
    const { status, stdout } = lint(INSTALLATIONS[name] ?? {});
    expect(stdout).toContain('0 chart(s) failed');
    expect(status).toBe(0);
  });

  it('makes objects that Kubernetes knows, each once', async () => {
    const known = objects(name).filter(({ apiVersion }) => !apiVersion.startsWith('monitoring.coreos.com/'));
    expect((await Promise.all(known.map(strangers))).flat()).toEqual([]);
    const ids = objects(name).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('sets variables that the programs read, to values that they accept', () => {
    const known = allVariables(DIALECTS).map(({ variable }) => variable.name);
    const folder = mkdtempSync(join(tmpdir(), 'drover-chart-'));
    writeFileSync(join(folder, 'file'), SECRET);
    try {
      for (const container of pods(name).flatMap(containersOf).filter(isOurs)) {
        const env: [string, string][] = (container.env ?? [])
          .filter((entry: KubernetesObject) => entry.name !== 'POD_IP')
          .map((entry: KubernetesObject) => [entry.name, entry.value?.replace('$(POD_IP)', '10.0.0.7') ?? 'node-1']);
        for (const [variable] of env)
          expect(known, container.name).toContain(known.includes(variable) ? variable : variable.replace(/_FILE$/, ''));
        expect(new Set(env.map(([variable]) => variable)).size, container.name).toBe(env.length);
        const urls = Object.fromEntries(
          env.map(([variable, value]) => {
            if (!variable.endsWith('_FILE') || variable === 'DROVER_KEY_FILE') return [variable, value];
            const scheme = variable.includes('REDIS') ? 'redis' : variable.includes('SMTP') ? 'smtp' : 'postgres';
            return variable.endsWith('_URL_FILE')
              ? [variable.replace(/_FILE$/, ''), `${scheme}://a:b@c${scheme === 'postgres' ? '/d' : ''}`]
              : [variable, join(folder, 'file')];
          }),
        );
        expect(() => loadConfig(urls, DIALECTS), container.name).not.toThrow();
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('lets each program see its own secrets, as files alone', () => {
    const secret = find(name, 'Secret');
    const others = objects(name).filter((object) => object !== secret);
    expect(JSON.stringify(others)).not.toContain(SECRET);
    expect(JSON.stringify(others)).not.toContain(Buffer.from(SECRET).toString('base64').slice(0, 40));
    const there = secret === undefined ? undefined : Object.keys(secret.data);
    for (const object of pods(name)) {
      const { volumes } = templateOf(object).spec;
      for (const container of containersOf(object)) {
        const mounted = (container.volumeMounts ?? []).flatMap(({ name: volume, mountPath }: KubernetesObject) => {
          const from = volumes.find((one: KubernetesObject) => one.name === volume);
          return from?.secret?.items?.map(({ path }: KubernetesObject) => `${mountPath}/${path}`) ?? [];
        });
        const named = (container.env ?? [])
          .map(({ value }: KubernetesObject) => value)
          .filter((value: unknown) => String(value).startsWith('/run/secrets/'));
        for (const file of named) expect(mounted, container.name).toContain(file);
        const keys = mounted
          .filter((path: string) => path.startsWith('/run/secrets/'))
          .map((path: string) => path.slice('/run/secrets/'.length));
        if (there !== undefined) for (const key of keys) expect(there).toContain(key);
        if (container.name === 'worker') expect(keys).toEqual(['DROVER_ENROLMENT_TOKEN']);
        if (container.name === 'api') expect(keys).not.toContain('DROVER_MIGRATE_URL');
      }
    }
  });

  it('runs programs that exist, in the image of this version, with the flags of everywhere', () => {
    for (const container of pods(name).flatMap(containersOf).filter(isOurs)) {
      const wanted = name === 'with everything' ? `registry.lab/drover@sha256:${'ab'.repeat(32)}` : `drover:${version}`;
      expect(container.image).toBe(wanted);
      const program = (container.args ?? []).find((word: string) => word.endsWith('.js'));
      if (container.command !== undefined) continue;
      expect(existsSync(join(PROJECT, program.replace(/^dist\/(.*)\.js$/, '$1.ts'))), program).toBe(true);
      if (container.name === 'api' || container.name === 'worker')
        expect(container.args).toEqual([NODE_FLAGS[container.name as 'api' | 'worker'][0], program]);
    }
  });

  it('gives containers no right that they do not need', () => {
    for (const object of pods(name)) {
      const pod = templateOf(object).spec;
      expect(pod.automountServiceAccountToken).toBe(false);
      for (const { name: container, securityContext } of containersOf(object)) {
        expect(securityContext.readOnlyRootFilesystem, container).toBe(true);
        const isWorker = container === 'worker';
        if (isWorker && name === 'with everything') expect(securityContext.privileged).toBe(true);
        else {
          expect(securityContext, container).toMatchObject({ allowPrivilegeEscalation: false });
          expect(securityContext.capabilities.drop, container).toEqual(['ALL']);
          expect(pod.securityContext.seccompProfile).toEqual({ type: 'RuntimeDefault' });
        }
        const isRoot = (securityContext.runAsUser ?? pod.securityContext.runAsUser) === 0;
        expect(isRoot, container).toBe(
          container === 'own-data' || (isWorker && name !== 'with the stores of the chart'),
        );
      }
    }
  });

  it('names what is there: volumes, claims, ports, pods', () => {
    const labels = pods(name).map((object) => templateOf(object).metadata.labels);
    for (const object of pods(name)) {
      const { volumes } = templateOf(object).spec;
      const claims = (object.spec.volumeClaimTemplates ?? []).map(({ metadata }: KubernetesObject) => metadata.name);
      const names = [...volumes.map((volume: KubernetesObject) => volume.name), ...claims];
      const mounted = containersOf(object).flatMap(({ volumeMounts }) => volumeMounts ?? []);
      expect(new Set(mounted.map((mount: KubernetesObject) => mount.name))).toEqual(new Set(names));
      for (const { persistentVolumeClaim, configMap } of volumes) {
        if (persistentVolumeClaim !== undefined)
          expect(find(name, 'PersistentVolumeClaim', persistentVolumeClaim.claimName)).toBeDefined();
        if (configMap !== undefined) expect(find(name, 'ConfigMap', configMap.name)).toBeDefined();
      }
      if (object.spec.selector !== undefined)
        expect(fits(templateOf(object).metadata.labels, object.spec.selector.matchLabels)).toBe(true);
      if (object.kind === 'StatefulSet') expect(find(name, 'Service', object.spec.serviceName)).toBeDefined();
    }
    for (const { kind, metadata, spec } of objects(name)) {
      const selector = { Service: spec?.selector, NetworkPolicy: spec?.podSelector?.matchLabels }[kind as string];
      const chosen = spec?.selector?.matchLabels ?? selector;
      if (chosen !== undefined && kind !== 'ServiceMonitor')
        expect(
          labels.some((own) => fits(own, chosen)),
          `${kind} ${metadata.name}`,
        ).toBe(true);
    }
  });

  it('lets a worker drain before it is cut off', () => {
    const worker = find(name, 'DaemonSet');
    const { env } = templateOf(worker).spec.containers[0];
    const drain = env.find((entry: KubernetesObject) => entry.name === 'DROVER_DRAIN_TIMEOUT').value;
    const { drainTimeoutS } = loadConfig({ DROVER_DRAIN_TIMEOUT: drain });
    expect(drainTimeoutS).toBeLessThan(templateOf(worker).spec.terminationGracePeriodSeconds);
  });
});

describe('the chart', () => {
  it('is of the version of the package, and starts the stores of docker compose', () => {
    const chart = yaml('deploy/helm/drover/Chart.yaml');
    expect([chart.version, chart.appVersion]).toEqual([version, version]);
    const values = yaml('deploy/helm/drover/values.yaml');
    const { services } = yaml('docker-compose.yml');
    for (const part of ['postgres', 'redis']) expect(services[part].image).toContain(`:-${values[part].image}}`);
  });

  it('has the files of deploy, not others', () => {
    for (const [file, path] of Object.entries({
      'rules.yml': 'deploy/prometheus/rules.yml',
      'postgres-init.sh': 'deploy/postgres-init.sh',
      'redis.conf': 'deploy/redis.conf',
    }))
      expect(readFileSync(join(CHART, 'files', file), 'utf8')).toBe(text(path));
    expect(find('with everything', 'PrometheusRule').spec).toEqual(yaml('deploy/prometheus/rules.yml'));
    const { data } = find('with the stores of the chart', 'ConfigMap', 'redis');
    expect(data['redis.conf']).toBe(text('deploy/redis.conf'));
  });

  it('asks at paths that the API answers, without a login', async () => {
    const api = await startApi({ passive: true, env: { DROVER_AUTH: 'oauth2', DROVER_AUTH_OPEN: 'metrics' } });
    try {
      const { startupProbe, livenessProbe, readinessProbe } = templateOf(
        find('with a record of their own', 'Deployment'),
      ).spec.containers[0];
      const [endpoint] = find('with the stores of the chart', 'ServiceMonitor').spec.endpoints;
      const paths = [startupProbe, livenessProbe, readinessProbe].map(({ httpGet }) => httpGet.path);
      for (const path of [...paths, endpoint.path]) expect((await fetch(api.url + path)).status, path).toBe(200);
    } finally {
      await api.close();
    }
  });

  it('lets the API be called what workers, the ingress and people call it', () => {
    const names = (name: string): string[] => {
      const { env } = templateOf(find(name, 'Deployment')).spec.containers[0];
      return env.find((entry: KubernetesObject) => entry.name === 'DROVER_HOSTS').value.split(',');
    };
    const urlOf = (name: string): URL => {
      const { env } = templateOf(find(name, 'DaemonSet')).spec.containers[0];
      return new URL(env.find((entry: KubernetesObject) => entry.name === 'DROVER_API_URL').value);
    };
    for (const name of NAMES.filter((one) => one !== 'of workers alone')) {
      const url = urlOf(name);
      expect(names(name)).toContain(url.hostname);
      const service = find(name, 'Service', '-api');
      expect(url.hostname).toBe(`${service.metadata.name}.farm.svc`);
      expect(Number(url.port)).toBe(service.spec.ports[0].port);
      expect(url.protocol).toBe(name === 'with everything' ? 'https:' : 'http:');
    }
    expect(names('with everything')).toEqual(expect.arrayContaining(['drover.example', 'drover.lab']));
    expect(urlOf('of workers alone').href).toBe('https://drover.example/');
  });

  it('takes every setting that is no secret as a setting, and no other', () => {
    const schema = JSON.parse(text('deploy/helm/drover/values.schema.json')) as KubernetesObject;
    const secret = allVariables(DIALECTS)
      .filter(({ variable }) => variable.secret)
      .map(({ variable }) => variable.name);
    expect([...schema.$defs.settings.propertyNames.not.enum].sort()).toEqual(secret.sort());
  });

  it.each([
    ['a secret that is missing', {}, 'secret.values.DROVER_ENROLMENT_TOKEN is missing'],
    [
      'a key that a Secret lacks',
      { secret: { existing: 'mine', keys: ['DROVER_ENROLMENT_TOKEN', 'instance_key'] } },
      'secret.keys lacks DROVER_DATABASE_URL: put it into the Secret mine',
    ],
    [
      'replicas without a place for large objects that all of them see',
      { secret: { values: SECRETS }, blobs: { volume: { accessModes: ['ReadWriteOnce'] } } },
      'api.replicas is 2, and blobs.volume.accessModes lacks ReadWriteMany',
    ],
    [
      'a Prometheus without a login',
      { secret: { values: SECRETS }, metrics: { serviceMonitor: { enabled: true } } },
      '/metrics needs a login',
    ],
    [
      'its PostgreSQL without a Redis',
      {
        secret: { values: { ...SECRETS, postgres_password: SECRET, record_password: SECRET } },
        postgres: { enabled: true },
      },
      'postgres.enabled needs redis.enabled',
    ],
    ['workers without an API', { secret: { values: SECRETS }, api: { enabled: false } }, 'worker.apiUrl'],
    ['a secret among the settings', { api: { settings: { FLUX_TOKEN: 'x' } } }, 'FLUX_TOKEN'],
    ['a value that it does not know', { api: { replica: 3 } }, 'replica'],
    [
      'a password that a URL cannot hold',
      { redis: { enabled: true }, secret: { values: { redis_password: 'to/ken@0123456789' } } },
      'redis_password',
    ],
  ])('refuses %s, with a sentence', (_what, values, sentence) => {
    expect(refusal(values)).toContain(sentence);
  });
});
