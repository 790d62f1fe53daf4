import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { startApi, type TestApi } from '../support/api.js';
import { PROJECT } from '../support/built.js';

interface Alert {
  alert: string;
  expr: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

const FOLDER = join(PROJECT, 'deploy/prometheus');
const read = <T>(file: string): T => parse(readFileSync(join(FOLDER, file), 'utf8')) as T;
const alerts = read<{ groups: { rules: Alert[] }[] }>('rules.yml').groups.flatMap(({ rules }) => rules);
const promtool = async (...args: string[]): Promise<string> =>
  (await promisify(execFile)('promtool', args, { timeout: 30_000 })).stdout;

describe('the alert rules for Prometheus', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi({ passive: true });
  });
  afterAll(() => api.close());

  it('are accepted by promtool, and fire and keep silent as their tests say', async () => {
    expect(await promtool('check', 'rules', join(FOLDER, 'rules.yml'))).toContain(`SUCCESS: ${alerts.length} rules`);
    expect(await promtool('test', 'rules', join(FOLDER, 'rules.test.yml'))).toContain('SUCCESS');
  });

  it('have a test each', () => {
    const { tests } = read<{ tests: { name: string }[] }>('rules.test.yml');
    const named = tests.map(({ name }) => name);
    expect(alerts.map(({ alert }) => `${alert} fires`).filter((name) => !named.includes(name))).toEqual([]);
  });

  it('say how bad it is, what has happened and what to do', () => {
    for (const { alert, labels, annotations } of alerts) {
      expect(['warning', 'critical'], alert).toContain(labels['severity']);
      for (const name of ['summary', 'description', 'remedy'])
        expect(annotations[name] ?? '', `${alert}: ${name}`).toMatch(/\S.{20,}\.$/);
    }
  });

  it('name only metrics that the API has', async () => {
    const send = (method: string, path: string, body: object): Promise<Response> =>
      fetch(`${api.url}/api/v1${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    // Projects are told when there is one, and its quota when it has one.
    expect((await send('POST', '/jobs', { command: 'true' })).status).toBe(201);
    expect((await send('PUT', '/projects/default/quotas', { waiting_jobs: 5 })).status).toBe(200);
    const text = await (await fetch(`${api.url}/metrics`)).text();
    const there = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
    // Figures of a backup come from the file that `drover backup --metrics` writes.
    const ofBackup = readFileSync(join(PROJECT, 'apps/cli/src/backup/textfile.ts'), 'utf8');
    for (const [, name] of ofBackup.matchAll(/^ {4}\['(\w+)'/gm)) there.add(`drover_backup_${name}`);
    const named = alerts.flatMap(({ alert, expr }) =>
      [...expr.matchAll(/\b(?:drover|nodejs)_\w+/g)].map(([name]) => ({ alert, name })),
    );
    expect(named.length).toBeGreaterThan(alerts.length);
    const base = (name: string): string => name.replace(/_(bucket|count|sum)$/, '');
    expect(named.filter(({ name }) => !there.has(name) && !there.has(base(name)))).toEqual([]);
  });
});
