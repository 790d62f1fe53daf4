import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { allVariables, API_ENVIRONMENT, loadConfig, NODE_FLAGS, readSettings } from '@drover/config';
import { DIALECTS } from '@drover/dialects';
import { PROJECT } from '../support/built.js';

const FOLDER = join(PROJECT, 'deploy/debian');
const HOME = '/usr/lib/drover/';
const text = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');

/** The values of a key of a unit, in their order. */
const valuesOf = (unit: string, key: string): string[] =>
  [...text(`drover-${unit}.service`).matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value = '']) => value);

const units = readdirSync(FOLDER).flatMap((name) => /^drover-(\w+)\.service$/.exec(name)?.[1] ?? []);
const folder = mkdtempSync(join(tmpdir(), 'drover-debian-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// `npm run deb:test` starts the units under a real systemd.
describe('the units of the Debian package', () => {
  it('start the programs that there are, with the Node.js that comes along and the flags of everywhere', () => {
    expect(units.sort()).toEqual(['api', 'postgres', 'worker']);
    for (const line of units.flatMap((unit) => [...valuesOf(unit, 'ExecStartPre'), ...valuesOf(unit, 'ExecStart')])) {
      const [node, ...args] = line.split(' ');
      expect(node).toBe(`${HOME}bin/node`);
      const program = args.find((word) => word.endsWith('.js')) ?? '';
      expect(existsSync(join(PROJECT, program.replace(`${HOME}dist/`, '').replace(/\.js$/, '.ts'))), line).toBe(true);
    }
    for (const unit of ['api', 'worker'] as const)
      expect(valuesOf(unit, 'ExecStart')[0]).toContain(` ${NODE_FLAGS[unit][0]} `);
    for (const [name, value] of Object.entries(API_ENVIRONMENT))
      expect(valuesOf('api', 'Environment')[0]).toContain(`${name}=${value}`);
  });

  it('tell systemd when they are ready, and let the jobs of a worker go on without it', () => {
    for (const unit of units) {
      expect(valuesOf(unit, 'Type'), unit).toEqual(['notify']);
      expect(Number(valuesOf(unit, 'WatchdogSec')[0]), unit).toBeGreaterThan(0);
    }
    const [kill, signal, delegate] = ['KillMode', 'KillSignal', 'Delegate'].map((key) => valuesOf('worker', key)[0]);
    expect([kill, signal, delegate]).toEqual(['process', 'SIGUSR2', 'yes']);
  });

  it('lock the API and PostgreSQL in: systemd counts an exposure of at most 3.0', () => {
    for (const unit of ['api', 'postgres']) {
      const args = [
        'security',
        '--offline=true',
        '--no-pager',
        '--threshold=30',
        join(FOLDER, `drover-${unit}.service`),
      ];
      const said = execFileSync('systemd-analyze', args, { encoding: 'utf8', timeout: 20_000 });
      expect(said).toContain('Overall exposure level');
    }
  });

  it('have settings that the programs read, to values that they accept', () => {
    const known = allVariables(DIALECTS).map(({ variable }) => variable.name);
    for (const unit of ['api', 'worker']) {
      // Those in comments are offers.
      const offered = join(folder, unit);
      writeFileSync(offered, text(`${unit}.env`).replaceAll(/^#(?=[A-Z_]+=)/gm, ''));
      const settings = readSettings(offered) ?? {};
      for (const name of Object.keys(settings)) expect(known, unit).toContain(name.replace(/_FILE$/, ''));
      const plain = Object.entries(settings).filter(([name]) => !name.endsWith('_FILE') && name !== 'DROVER_AUTH');
      expect(() => loadConfig(Object.fromEntries(plain)), unit).not.toThrow();
    }
    const own = readSettings(join(FOLDER, 'worker.env'));
    expect(valuesOf('worker', 'Environment')).toEqual([`DROVER_DATA_DIR=${own?.['DROVER_DATA_DIR']}`]);
  });

  it('come with scripts that a shell can read', () => {
    for (const name of ['drover', 'postinst', 'prerm', 'postrm']) execFileSync('sh', ['-n', join(FOLDER, name)]);
  });
});

describe('the command of the Debian package', () => {
  it('takes the settings of the API as systemd does: without quotes around them, after those of the environment', () => {
    const [settings, command] = [join(folder, 'api.env'), join(folder, 'drover')];
    const url = 'postgres://drover@db/drover?sslmode=require&application_name=a';
    const lines = [
      '# DROVER_HOST=1.2.3.4',
      `DROVER_DATABASE_URL='${url}'`,
      'DROVER_S3_PREFIX="a b"',
      'DROVER_PORT=1',
      'DROVER_AUTH',
      'DROVER_KEY_FILE=/k',
    ];
    // Nothing ends the last line: editors may leave it so.
    writeFileSync(settings, lines.join('\n'));
    const replaced = text('drover')
      .replace('/etc/drover/api.env', settings)
      .replace(/^node=.*$/m, `node='${process.execPath}'`)
      .replace(/^main=.*$/m, `main='${join(folder, 'print.mjs')}'`)
      .replace('"$(id -u)" = 0', '0 = 0');
    writeFileSync(command, replaced);
    writeFileSync(join(folder, 'print.mjs'), 'console.log(JSON.stringify(process.env))');
    const said = execFileSync('sh', [command, 'doctor'], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], DROVER_PORT: '2' },
    });
    const drover = Object.entries(JSON.parse(said) as object).filter(([name]) => name.startsWith('DROVER_'));
    expect(Object.fromEntries(drover)).toEqual({
      DROVER_DATA_DIR: '/var/lib/drover/api',
      DROVER_DATABASE_URL: url,
      DROVER_S3_PREFIX: 'a b',
      DROVER_PORT: '2',
      DROVER_KEY_FILE: '/k',
    });
  });
});
