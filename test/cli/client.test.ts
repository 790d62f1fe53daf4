import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedAgent, type ScriptedExecution } from '../support/agent.js';
import { startApi, type TestApi } from '../support/api.js';
import { program } from '../support/built.js';
import { CuttingProxy } from '../support/cutting-proxy.js';
import { expectEventually } from '../support/expect-eventually.js';
import { freePort } from '../support/ports.js';
import { createTestDatabase, dropTestDatabase } from '../support/postgres.js';

interface Running {
  stdout: string;
  stderr: string;
  kill(signal: NodeJS.Signals): void;
  done: Promise<number | null>;
}

describe('the drover command', () => {
  let api: TestApi;
  let databaseUrl: string;
  let port: number;
  let folder: string;
  let agent: Awaited<ReturnType<typeof scriptedAgent>>;

  const up = async (): Promise<void> => {
    api = await startApi({ passive: true, databaseUrl, port });
    agent = await scriptedAgent(api.core);
  };
  beforeAll(async () => {
    databaseUrl = await createTestDatabase();
    port = await freePort();
    folder = mkdtempSync(join(tmpdir(), 'drover-cli-'));
    await up();
  });
  afterAll(async () => {
    await api.close();
    await dropTestDatabase(databaseUrl);
    rmSync(folder, { recursive: true, force: true });
  });

  const start = (args: string[], input?: string): Running => {
    const child = spawn(process.execPath, [program('cli'), ...args], {
      env: { PATH: process.env['PATH'], HOME: folder, DROVER_API_URL: `http://127.0.0.1:${port}` },
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: 50_000,
    });
    const running: Running = {
      stdout: '',
      stderr: '',
      kill: (signal) => void child.kill(signal),
      done: new Promise((resolve) => child.once('close', (code) => resolve(code))),
    };
    child.stdout.on('data', (part: Buffer) => (running.stdout += part.toString()));
    child.stderr.on('data', (part: Buffer) => (running.stderr += part.toString()));
    child.stdin.end(input);
    return running;
  };
  const cli = async (
    args: string[],
    input?: string,
  ): Promise<{ code: number | null; stdout: string; stderr: string }> => {
    const running = start(args, input);
    const code = await running.done;
    return { code, stdout: running.stdout, stderr: running.stderr };
  };
  /** The execution of the job that a command with this name submits. */
  const taken = (name: string): Promise<ScriptedExecution> =>
    expectEventually(
      async () => {
        const [job] = (await api.core.query.list({ q: name, states: ['queued'] }, { limit: 1 })).jobs;
        if (!job) throw new Error(`no job ${name} yet`);
        return (await agent.claim(job.id)).started();
      },
      { withinMs: 30_000 },
    );

  it('changes the priority and the tags of the jobs of a filter, or of those with these ids', async () => {
    const submits = [1, 2, 3].map(() => cli(['submit', '-q', 'changed', '-o', 'quiet', '--', 'true']));
    const ids = (await Promise.all(submits)).map(({ stdout }) => stdout.trim());
    const view = async (id: string | undefined) => {
      const { priority, tags } = await api.core.query.get(id ?? '');
      return { priority, tags };
    };
    // The API of this test does nothing by itself: its tasks are done here.
    const change = async (args: string[]): Promise<string> => {
      const running = start(args);
      await expectEventually(
        async () => {
          await api.core.bulk.work();
          expect(running.stdout).not.toBe('');
        },
        { withinMs: 30_000 },
      );
      expect(await running.done).toBe(0);
      return running.stdout;
    };
    expect(await change(['priority', '7', '--filter', 'queue:changed', '--yes'])).toBe(
      'priority: 3 jobs changed, 0 skipped.\n',
    );
    expect(await change(['tag', 'night', ids[0] ?? ''])).toBe('tag: 1 job changed, 0 skipped.\n');
    expect(await view(ids[0])).toEqual({ priority: 7, tags: ['night'] });
    expect(await view(ids[1])).toEqual({ priority: 7, tags: [] });
    await change(['untag', 'night', ids[0] ?? '']);
    expect(await view(ids[0])).toEqual({ priority: 7, tags: [] });
    const unasked = await cli(['tag', 'night', '--filter', 'queue:changed']);
    expect(unasked.code).toBe(125);
    expect(unasked.stderr).toContain('Give --yes');
    expect((await cli(['priority', 'high', ids[0] ?? ''])).stderr).toContain('It must be a number.');
  });

  it('runs a job: live output on its own streams, and the exit code of the job', async () => {
    const run = start(['run', '-n', 'live', '--', 'make', 'it']);
    const execution = await taken('live');
    expect((await api.core.query.execution(execution.id)).state).toBe('running');
    await execution.write('out\n');
    await expectEventually(() => expect(run.stdout).toBe('out\n'));
    await execution.write('err\n', 'stderr');
    await execution.ended({ exit_code: 7 });
    expect(await run.done).toBe(7);
    expect(run.stdout).toBe('out\n');
    expect(run.stderr).toMatch(/^err\ndrover: job [0-9a-f-]{36} failed: It ended with 7\.\n$/);
  });

  it('exits with 128+n for a signal, 124 for a time-out, 123 for a job that is not there, 125 when the broker failed', async () => {
    const how = async (name: string, end: Parameters<ScriptedExecution['ended']>[0]): Promise<number | null> => {
      const run = start(['run', '-n', name, '--', 'x']);
      await (await taken(name)).ended(end);
      return run.done;
    };
    expect(await how('by-signal', { cause: 'signal', signal: 'SIGKILL' })).toBe(137);
    expect(await how('by-timeout', { cause: 'timeout', signal: 'SIGTERM' })).toBe(124);
    expect((await cli(['run', '-q', 'a b', '--', 'x'])).code).toBe(125);
    const unknown = await cli(['get', '00000000-0000-7000-8000-000000000000']);
    expect([unknown.code, unknown.stderr]).toEqual([
      123,
      'drover: There is no job 00000000-0000-7000-8000-000000000000.\n',
    ]);
    for (const command of [['logs'], ['logs', '-f'], ['wait'], ['cancel'], ['retry']])
      expect((await cli([...command, '00000000-0000-7000-8000-000000000000'])).code, command.join(' ')).toBe(123);
    expect((await cli(['run'])).code).toBe(125);
  });

  it('goes on after a restart of the API without a byte lost or doubled', async () => {
    const run = start(['run', '-n', 'restart', '--', 'x']);
    let execution = await taken('restart');
    await execution.write('before\n');
    await expectEventually(() => expect(run.stdout).toBe('before\n'));
    await api.close();
    await up();
    execution = execution.with(api.core, agent.agent);
    await execution.write('after\n');
    await execution.ended();
    expect(await run.done).toBe(0);
    expect(run.stdout).toBe('before\nafter\n');
  });

  it('cancels its job on Ctrl-C where there is no terminal to ask on', async () => {
    const run = start(['run', '-n', 'interrupted', '--', 'x']);
    const execution = await taken('interrupted');
    await execution.write('x');
    await expectEventually(() => expect(run.stdout).toBe('x'));
    run.kill('SIGINT');
    const { job_id: id } = execution.claim;
    await expectEventually(async () => expect((await api.core.query.get(id)).state).toBe('cancelling'));
    await execution.ended({ cause: 'signal', signal: 'SIGTERM' });
    expect(await run.done).toBe(143);
    expect((await api.core.query.get(id)).state).toBe('cancelled');
  });

  describe('on a terminal', () => {
    /** In a pseudo-terminal, whose Ctrl-C is a byte. */
    const onTerminal = (args: string[]): { text(): string; type(keys: string): void; done: Promise<number | null> } => {
      // exec: a shell between would be interrupted, too, and end with a code of its own.
      const words = [process.execPath, program('cli'), ...args].map((word) => `'${word}'`).join(' ');
      const child = spawn('script', ['-qfec', `exec ${words}`, '/dev/null'], {
        env: { PATH: process.env['PATH'], HOME: folder, DROVER_API_URL: `http://127.0.0.1:${port}`, TERM: 'xterm' },
        stdio: ['pipe', 'pipe', 'inherit'],
        timeout: 50_000,
      });
      let text = '';
      child.stdout.on('data', (part: Buffer) => (text += part.toString()));
      return {
        text: () => text,
        type: (keys) => void child.stdin.write(keys),
        done: new Promise((resolve) => child.once('close', (code) => resolve(code))),
      };
    };

    it('asks on Ctrl-C, and lets the job run when told to detach', async () => {
      const terminal = onTerminal(['run', '-n', 'detached', '--', 'x']);
      const execution = await taken('detached');
      await execution.write('begun');
      await expectEventually(() => expect(terminal.text()).toContain('begun'));
      terminal.type('\u0003');
      await expectEventually(() => expect(terminal.text()).toContain('[d]etach'));
      terminal.type('d\n');
      expect(await terminal.done).toBe(0);
      expect(terminal.text()).toContain(`Detached. The job goes on: drover logs -f ${execution.claim.job_id}`);
      expect((await api.core.query.get(execution.claim.job_id)).state).toBe('running');
      await execution.ended();
    });

    it('asks again when the answer is unclear, and "continue" goes on without cancelling', async () => {
      const terminal = onTerminal(['run', '-n', 'goes-on', '--', 'x']);
      const execution = await taken('goes-on');
      await execution.write('begun');
      await expectEventually(() => expect(terminal.text()).toContain('begun'));
      const { job_id: id } = execution.claim;
      let asked = 0;
      for (const answer of ['cant say', 'cancel?', '', 'dunno', 'continue']) {
        if (asked === 0) terminal.type('\u0003');
        asked += 1;
        await expectEventually(() =>
          expect(terminal.text().match(/\[d\]etach|Type detach, cancel or go on/g)?.length).toBe(asked),
        );
        terminal.type(`${answer}\n`);
      }
      await execution.write('on and on');
      await expectEventually(() => expect(terminal.text()).toContain('on and on'));
      expect((await api.core.query.get(id)).state).toBe('running');
      await execution.ended();
      expect(await terminal.done).toBe(0);
      expect(terminal.text()).not.toContain('Cancelling');
    });

    it('asks on Ctrl-C, and cancels the job when told to', async () => {
      const terminal = onTerminal(['run', '-n', 'given-up', '--', 'x']);
      const execution = await taken('given-up');
      await execution.write('begun');
      await expectEventually(() => expect(terminal.text()).toContain('begun'));
      terminal.type('\u0003');
      await expectEventually(() => expect(terminal.text()).toContain('[d]etach'));
      terminal.type('c\n');
      await expectEventually(async () =>
        expect((await api.core.query.get(execution.claim.job_id)).state).toBe('cancelling'),
      );
      await execution.ended({ cause: 'signal', signal: 'SIGTERM' });
      expect(await terminal.done).toBe(143);
    });
  });

  it('submits by flags, JSON and YAML, one and many, and waits', async () => {
    const byFlags = await cli(['submit', '-q', 'flags', '-e', 'A=1', '-t', 'x', '--timeout', '9', '--', 'echo', 'a b']);
    expect(await api.core.query.get(byFlags.stdout.trim())).toMatchObject({
      queue: 'flags',
      tags: ['x'],
      spec: { command: ['echo', 'a b'], env: { A: '1' }, limits: { runtime_s: 9 } },
    });
    writeFileSync(join(folder, 'job.yaml'), 'command: make test\nqueue: yaml\nretry: {max: 2}\n');
    const byYaml = await cli(['submit', '-f', join(folder, 'job.yaml'), '-o', 'json']);
    expect(JSON.parse(byYaml.stdout)).toMatchObject({ queue: 'yaml', command: 'make test', retry: { max: 2 } });
    const batch = await cli(
      ['submit', '-f', '-', '-o', 'quiet'],
      JSON.stringify({ jobs: [{ command: 'a' }, { command: 'b' }] }),
    );
    const ids = batch.stdout.trim().split('\n');
    expect(ids).toHaveLength(2);
    const proxy = await CuttingProxy.start(port);
    try {
      proxy.cutAfter(0);
      const jobs = JSON.stringify({
        jobs: [
          { command: 'c', queue: 'lost' },
          { command: 'd', queue: 'lost' },
        ],
      });
      const resent = await cli(['submit', '--api', proxy.url, '-f', '-', '-o', 'quiet'], jobs);
      expect([resent.code, proxy.cut]).toEqual([0, 1]);
      const kept = (await cli(['list', '-q', 'lost', '-o', 'quiet'])).stdout;
      expect(kept.trim().split('\n').toSorted()).toEqual(resent.stdout.trim().split('\n').toSorted());
    } finally {
      await proxy.goAway();
    }
    const wrong = await cli(['submit', '-f', '-'], '{"command": "x", "prioritty": 1}');
    expect([wrong.code, wrong.stderr]).toEqual([
      125,
      'drover: The API refused it:\n  prioritty: is not a field here; did you mean "priority"?\n',
    ]);
    const waiting = start(['wait', ...ids]);
    for (const [index, id] of ids.entries())
      await (await (await agent.claim(id)).started()).ended({ exit_code: index * 4 });
    expect(await waiting.done).toBe(4);
    expect(waiting.stdout).toBe('');
  });

  it('lists, shows, reads logs, cancels and retries, in every format', async () => {
    const ids: string[] = [];
    for (const name of ['l-one', 'l-two'])
      ids.push((await cli(['submit', '-q', 'listed', '-n', name, '--', 'x'])).stdout.trim());
    expect((await cli(['list', '-q', 'listed', '-o', 'quiet'])).stdout).toBe(`${ids[1]}\n${ids[0]}\n`);
    const table = (await cli(['list', '-q', 'listed'])).stdout;
    expect(table).toMatch(/^ID\s+STATE\s+EXIT\s+QUEUE/);
    expect(table).toContain('l-one');
    // eslint-disable-next-line no-control-regex
    expect(table).not.toMatch(/\u001b/);
    expect(
      (await cli(['list', '-q', 'listed', '-o', 'jsonl'])).stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).name),
    ).toEqual(['l-two', 'l-one']);
    expect(JSON.parse((await cli(['get', ids[0] as string, '-o', 'json'])).stdout)).toMatchObject({
      id: ids[0],
      name: 'l-one',
    });
    const execution = await (await agent.claim(ids[0] as string)).started();
    await execution.write('1\n2\n');
    await execution.write('e\n', 'stderr');
    await execution.ended({ exit_code: 1 });
    expect(await cli(['logs', ids[0] as string])).toEqual({ code: 0, stdout: '1\n2\n', stderr: 'e\n' });
    expect((await cli(['logs', ids[0] as string, '--stream', 'stdout', '--tail', '1'])).stdout).toBe('2\n');
    expect(await cli(['logs', '-f', ids[0] as string])).toMatchObject({ code: 0, stdout: '1\n2\n' });
    expect((await cli(['retry', ids[0] as string, '-o', 'json'])).stdout).toContain('"attempt": 2');
    const cancelled = await cli(['cancel', ...ids, ids[1] as string, '-o', 'quiet']);
    expect([cancelled.code, cancelled.stdout, cancelled.stderr]).toEqual([
      1,
      `${ids[0]}\n${ids[1]}\n`,
      expect.stringContaining('already ended as cancelled'),
    ]);
    expect((await cli(['queues', '-o', 'json'])).stdout).toContain('"flags"');
    expect((await cli(['agents'])).stdout).toContain('scripted');
  });

  it('completes its own commands in three shells', async () => {
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { code, stdout } = await cli(['completion', shell]);
      expect(code).toBe(0);
      for (const word of ['run', 'logs', 'follow', 'queue']) expect(stdout).toContain(word);
    }
  });
});
