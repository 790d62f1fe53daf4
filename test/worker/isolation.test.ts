import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IsolatedNode, ROOT, shadow, untriable } from './support/isolation.js';

/** A number of a user nobody has. */
const SOMEBODY = 54_321;

const LEVELS = [
  { name: 'user', level: 'user', root: true },
  { name: 'namespace, worker as root', level: 'namespace', root: true },
  { name: 'namespace, worker without root', level: 'namespace', root: false },
] as const;

const usersOf = (pid: number): string =>
  execFileSync('ps', ['-o', 'uid=', '-p', String(pid)], { encoding: 'utf8' }).trim();

describe('level none', () => {
  it.skipIf(!ROOT)('lets a job do what the intruder tries: the tries are real ones', async () => {
    const isolated = await IsolatedNode.start('none');
    try {
      await isolated.startVictim();
      const open = await isolated.intrude();
      for (const what of [
        'read /etc/shadow',
        'read the spool of another job',
        'environment of another job',
        'environment of the worker',
        'signal to the worker',
        'secret in any environment',
        'socket of the supervisor',
        'socket of the container engine',
        'write the folder of the worker',
        'rights by a setuid program',
        'new privileges',
      ]) {
        expect(open).toContain(`${what} open`);
      }
      if (process.arch === 'x64') expect(open).toContain('ptrace of the worker open');
    } finally {
      await isolated.close();
    }
  });
});

for (const { name, level, root } of LEVELS) {
  const why = untriable(level, root);
  describe.skipIf(why !== undefined)(`level ${name}${why === undefined ? '' : ` (${why})`}`, () => {
    let isolated: IsolatedNode;
    beforeAll(async () => {
      isolated = await IsolatedNode.start(level, root || !ROOT ? {} : { uid: SOMEBODY });
      await isolated.startVictim();
    });
    afterAll(() => isolated?.close());

    const run = async (command: string | string[], more: Record<string, unknown> = {}) => {
      const id = await isolated.node.api.submit({ command, ...more });
      return isolated.node.ended(id);
    };

    it('keeps an intruder from other jobs, from the worker and from the machine', async () => {
      expect(await isolated.intrude()).toEqual([]);
    });

    it('says so in the facts of the node', () => {
      expect(isolated.node.api.registrations[0]?.facts.isolation).toBe(level);
    });

    it('gives a job its folder to write to, its environment, input and exit code', async () => {
      const { ended, stdout, stderr } = await run(
        'cat; echo "$GREETING $DROVER_WORKDIR"; pwd; echo x > file && cat file; echo err >&2; echo more > /dev/stderr; exit 7',
        {
          env: { GREETING: 'it\'s "fine"', 'odd.name': '1' },
          stdin: 'input\n',
        },
      );
      const work = stdout.text.split('\n')[2];
      expect(stdout.text).toBe(`input\nit's "fine" ${work}\n${work}\nx\n`);
      expect(stderr.text).toContain('more\n');
      expect(ended).toMatchObject({ ok: false, cause: 'exit_code', exit_code: 7 });
    });

    it('starts nothing of a job with more rights than the job has: neither its libraries nor its programs', async () => {
      const { stdout } = await run('printf "%s\\n" "$PATH"; id -u', {
        env: { PATH: '/nowhere:/usr/bin:/bin', LD_PRELOAD: '/nowhere/evil.so' },
      });
      const [path, uid] = stdout.text.split('\n');
      expect(path).toBe('/nowhere:/usr/bin:/bin');
      expect(uid).not.toBe('0');
    });

    it('ends the whole tree at a cancel, also what has left it and hidden its mark', async () => {
      const id = await isolated.node.api.submit({
        command:
          'env -i setsid sh -c "(setsid sleep 4321 &) ; sleep 4321" & trap "" TERM; echo ready; while :; do sleep 1; done',
        limits: { grace_s: 1 },
      });
      await isolated.node.says(id, 'ready');
      isolated.node.api.cancel(id);
      const { ended } = await isolated.node.ended(id);
      expect(ended.cause).toBe('cancelled');
      await isolated.node.until(
        () =>
          execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
            .split('\n')
            .every((line) => line !== 'sleep 4321'),
        'the end of every process',
      );
    });

    it('lets a job end by itself at TERM, with its own exit code', async () => {
      const id = await isolated.node.api.submit({
        command: 'trap "echo bye; exit 3" TERM; echo ready; while :; do sleep 0.1; done',
        limits: { grace_s: 20 },
      });
      await isolated.node.says(id, 'ready');
      isolated.node.api.cancel(id);
      const { ended, stdout, stderr } = await isolated.node.ended(id);
      expect(ended).toMatchObject({ cause: 'cancelled', exit_code: 3 });
      expect(stdout.text).toContain('bye');
      expect(stderr.text).not.toContain('drover');
    });

    it('holds the run time, and samples what the tree uses', async () => {
      const { ended, samples } = await run('sh -c "while :; do :; done"', { limits: { runtime_s: 4, grace_s: 1 } });
      expect(ended.cause).toBe('timeout');
      expect(Math.max(...samples.map(({ cpu_seconds }) => cpu_seconds ?? 0))).toBeGreaterThan(0.5);
      expect(samples.some(({ processes }) => (processes ?? 0) >= 1)).toBe(true);
    });

    it('holds the memory limit', async () => {
      const { ended } = await run(
        ['node', '-e', 'const all = []; setInterval(() => all.push(Buffer.alloc(8 * 1024 * 1024, 1)), 5)'],
        { resources: { memory_mb: 200 } },
      );
      expect(['oom', 'exit_code', 'signal']).toContain(ended.cause);
      expect(ended.ok).toBe(false);
    });

    it('pushes counters to the worker over loopback', async () => {
      const { stdout } = await run([
        'node',
        '-e',
        'fetch(process.env.DROVER_METRICS_URL, { method: "POST", body: "{}" }).then((answer) => console.log(answer.status))',
      ]);
      expect(Number(stdout.text)).toBeLessThan(500);
      expect(Number(stdout.text)).toBeGreaterThanOrEqual(200);
    });

    it('collects artifacts of the job, and follows no link out of its folder', async () => {
      const victim = join(isolated.victimFolder, 'work', 'secret');
      const { artifacts } = await run(
        `mkdir out; echo good > out/good.txt; ln -s /etc/shadow out/shadow.txt; ln -s ${victim} out/secret.txt; ln -s /etc etc; mkfifo out/pipe.txt; ln ${victim} out/hard.txt; true`,
        {
          artifacts: ['out/*.txt', 'etc/shadow', '**/shadow*'],
        },
      );
      expect([...artifacts.keys()]).toEqual(['out/good.txt']);
      expect(String(artifacts.get('out/good.txt'))).toBe('good\n');
    });

    it("takes no artifacts from a folder that is not the job's", async () => {
      const { artifacts } = await run('true', { workdir: '/etc', artifacts: ['shadow', 'passwd'] });
      expect([...artifacts.keys()]).toEqual([]);
      if (ROOT) expect(shadow().length).toBeGreaterThan(0);
    });

    it('enters a folder only where the job may', async () => {
      const { ended } = await run('true', { workdir: join(isolated.victimFolder, 'work') });
      expect(ended).toMatchObject({ ok: false });
    });

    it('survives a restart of the worker: the job is found again, and its end is told', async () => {
      const id = await isolated.node.api.submit({
        command: 'echo first; while [ ! -e go ]; do sleep 0.1; done; echo second; exit 5',
      });
      const seen = await isolated.node.says(id, 'first');
      await isolated.node.worker.kill();
      await isolated.node.up();
      const work = join(isolated.node.spool, 'executions', seen.claimed.execution_id, 'work');
      execFileSync('touch', [join(work, 'go')]);
      const { ended, stdout } = await isolated.node.ended(id);
      expect(ended).toMatchObject({ exit_code: 5, cause: 'exit_code' });
      expect(stdout.text).toBe('first\nsecond\n');
    });

    it('leaves no folder of an ended job that others can come to', async () => {
      const { claimed, stdout } = await run('id -u; echo mine > note', { keep_workdir: true });
      const id = claimed.execution_id;
      await isolated.node.until(
        () => !readdirSync(join(isolated.node.spool, 'executions', id)).includes('stdout'),
        'the folder to be cleared',
      );
      const { stdout: read } = await run(
        `cat ${join(isolated.node.spool, 'executions', id, 'work', 'note')} 2>/dev/null; true`,
      );
      expect(read.text).toBe('');
      if (level === 'user') expect(usersOf(isolated.victimPid)).not.toBe(stdout.text.trim());
    });

    if (level === 'namespace') {
      it('gives a job its own processes and temporary files, and the rest read-only', async () => {
        const { stdout } = await run(
          'ls /proc | grep -c "^[0-9]"; ls /tmp /var/tmp /home /root /run 2>/dev/null | grep -v : | grep -cv "^$"; touch /usr/x 2>&1 | grep -o Read-only; touch /tmp/x && echo tmp',
        );
        const [processes, , ...rest] = stdout.text.trim().split('\n');
        expect(Number(processes)).toBeLessThan(8);
        expect(rest.join(' ')).toContain('tmp');
      });
    }
  });
}

describe('the choice of a level', () => {
  it.skipIf(!ROOT || untriable('user', true) !== undefined)(
    'with a login on, a worker that was told nothing does not run jobs with its own rights',
    async () => {
      const isolated = await IsolatedNode.start(null, { env: { DROVER_AUTH: 'oauth2' } });
      try {
        expect(['namespace', 'user']).toContain(isolated.node.api.registrations[0]?.facts.isolation);
        const id = await isolated.node.api.submit({ command: 'id -u' });
        expect((await isolated.node.ended(id)).stdout.text.trim()).not.toBe('0');
      } finally {
        await isolated.close();
      }
    },
  );

  it.skipIf(!ROOT)('refuses to start where the level cannot be had, with the remedy', async () => {
    const isolated = await IsolatedNode.start('none');
    try {
      const { node } = isolated;
      await node.worker.stop();
      // Nobody but root may pass through this folder.
      const closed = node.twin();
      closed.start({ DROVER_ISOLATION: 'user', DROVER_DATA_DIR: join('/root', '.drover-isolation-test') });
      const { code } = await closed.exit();
      expect(code).toBe(1);
      expect(closed.log()).toContain('chmod o+x');
    } finally {
      execFileSync('rm', ['-rf', '/root/.drover-isolation-test']);
      await isolated.close();
    }
  });
});
