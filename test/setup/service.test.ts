import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFolder, Service } from '@drover/embedded';
import { expectEventually } from '../support/expect-eventually.js';

let folder: string;
let lines: string[];
let crashes: { reason: string; restart: boolean }[];
const services: Service[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-service-'));
  lines = [];
  crashes = [];
});

afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.stop(1_000)));
  rmSync(folder, { recursive: true, force: true });
});

function service(script: string): Service {
  const made = new Service({
    name: 'test',
    argv: ['/bin/sh', '-c', script],
    env: { PATH: '/usr/bin:/bin' },
    cwd: folder,
    logPath: join(folder, 'logs/test.log'),
    onLine: (line) => lines.push(line),
    onCrash: (reason, restart) => crashes.push({ reason, restart }),
  });
  services.push(made);
  return made;
}

describe('a service', () => {
  it('writes to its log file and its lines are seen while it runs', async () => {
    service('echo out; echo err >&2; exec sleep 60').start();
    await expectEventually(() => expect(lines).toEqual(['out', 'err']));
    expect(readFileSync(join(folder, 'logs/test.log'), 'utf8')).toBe('out\nerr\n');
  });

  it('is started again after a crash once it was ready, and not before', async () => {
    const crashing = service('echo started; exec sleep 60');
    crashing.start();
    await expectEventually(() => expect(lines).toHaveLength(1));
    crashing.ready();
    const first = crashing.pid;
    process.kill(first ?? 0, 'SIGKILL');
    await expectEventually(() => expect(lines).toHaveLength(2));
    expect(crashes).toEqual([{ reason: 'SIGKILL', restart: true }]);
    expect(crashing.pid).not.toBe(first);

    const hopeless = service('echo no; exit 3');
    hopeless.start();
    await expectEventually(() => expect(crashes.at(-1)).toEqual({ reason: 'exit code 3', restart: false }));
  });

  it('is never given up: it is started again, after longer and longer waits, until what ails it has passed', async () => {
    const crashing = service('echo tried; test -e cured && exec sleep 60; exit 7');
    crashing.ready();
    crashing.start();
    await expectEventually(() => expect(crashes.length).toBeGreaterThanOrEqual(6), { withinMs: 60_000 });
    expect(crashes.every((crash) => crash.restart)).toBe(true);
    writeFileSync(join(folder, 'cured'), '');
    await expectEventually(() => expect(crashing.running && lines.length > crashes.length).toBe(true), {
      withinMs: 60_000,
    });
  });

  it('is killed when it does not heed the request to stop', async () => {
    const stubborn = service('trap "echo no" TERM; echo ready; while :; do sleep 0.05; done');
    stubborn.start();
    await expectEventually(() => expect(lines).toEqual(['ready']));
    const pid = stubborn.pid ?? 0;
    await stubborn.stop(300);
    expect(() => process.kill(pid, 0)).toThrow();
    expect(lines).toContain('no');
    expect(crashes).toEqual([]);
  });

  it('keeps its log file below a limit', async () => {
    service('head -c 30000000 /dev/zero | tr "\\0" "x"; echo; exec sleep 60').start();
    await expectEventually(() => expect(lines.length).toBeGreaterThan(0), { withinMs: 20_000 });
    await expectEventually(() => expect(statSync(join(folder, 'logs/test.log')).size).toBeLessThan(20 * 1024 * 1024));
  });
});

describe('the lock of a folder', () => {
  it('has one holder, and the next one when that lets go', () => {
    const first = lockFolder(folder, 'The folder');
    expect(() => lockFolder(folder, 'The folder')).toThrow(/The folder .* is in use by another Drover/);
    first.release();
    lockFolder(folder, 'The folder').release();
  });
});
