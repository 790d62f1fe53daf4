import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { containerProblem } from '@drover/executor';
import { ContainerSpool } from '../support/container-spool.js';
import { expectEventually } from '../support/expect-eventually.js';
import { IMAGE, Podman, podmanAvailable } from '../support/podman.js';

describe.skipIf(!podmanAvailable())('an execution in a container', () => {
  let podman: Podman;
  let spool: ContainerSpool;

  beforeAll(async () => {
    podman = await Podman.start();
    spool = new ContainerSpool({ socket: podman.socket });
    await spool.open();
  }, 120_000);

  afterAll(async () => {
    await spool?.close();
    await podman?.stop();
  });

  it('brings both streams into their files, byte for byte, and leaves no container', async () => {
    const id = spool.launch(['sh', '-c', String.raw`printf 'a\nb'; printf err >&2; printf '\000\377\r\n\n'; exit 7`]);
    const record = await spool.end(id);
    expect(record).toMatchObject({ ok: false, cause: 'exit_code', exit_code: 7, stdout_bytes: 8, stderr_bytes: 3 });
    expect(spool.bytes(id, 'stdout')).toEqual(Buffer.from('a\nb\0\xff\r\n\n', 'latin1'));
    expect(spool.text(id, 'stderr')).toBe('err');
    expect(spool.started.get(id)?.container_id).toMatch(/^[0-9a-f]{64}$/);
    expect(await podman.containers()).toEqual([]);
  });

  it('keeps a long binary output whole', async () => {
    const script = 'yes abcdefghijklmnopqrstuvwxyz0123456789 | head -c 5000000; echo end >&2';
    const id = spool.launch(['sh', '-c', script]);
    expect(await spool.end(id)).toMatchObject({ ok: true, stdout_bytes: 5_000_000 });
    const line = 'abcdefghijklmnopqrstuvwxyz0123456789\n';
    const expected = line.repeat(Math.ceil(5_000_000 / line.length)).slice(0, 5_000_000);
    const sha = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
    expect(sha(spool.bytes(id, 'stdout'))).toBe(sha(expected));
    expect(spool.text(id, 'stderr')).toBe('end\n');
  });

  it('does not let a shell touch a list of words, and gives a text to /bin/sh', async () => {
    const list = spool.launch(['echo', '$HOME', '*', 'two words']);
    const text = spool.launch('echo "$GREETING" | tr a-z A-Z', { env: { GREETING: 'hello' } });
    await spool.end(list);
    await spool.end(text);
    expect(spool.text(list, 'stdout')).toBe('$HOME * two words\n');
    expect(spool.text(text, 'stdout')).toBe('HELLO\n');
  });

  it('has its environment, extra hosts, standard input, folder and working directory', async () => {
    const id = spool.launch(
      'cat; grep foo.example /etc/hosts; echo "$A|$DROVER_EXECUTION_ID"; pwd; echo made > made.txt',
      {
        env: { A: 'x=y z' },
        container: { image: IMAGE, extra_hosts: { 'foo.example': '10.1.2.3' }, mount: true, workdir: '/drover/work' },
      },
      'from stdin\n',
    );
    await spool.end(id);
    expect(spool.text(id, 'stdout')).toBe(`from stdin\n10.1.2.3\tfoo.example\nx=y z|${id}\n/drover/work\n`);
    expect(readFileSync(join(spool.folder(id), 'work/made.txt'), 'utf8')).toBe('made\n');
  });

  it('ends by TERM within the grace when the program listens, by KILL after it when not', async () => {
    const polite = spool.launch(['sh', '-c', 'trap "echo bye; exit 3" TERM; echo up; while :; do sleep 0.1; done'], {
      limits: { grace_s: 10 },
    });
    const deaf = spool.launch(['sleep', '100']);
    await spool.running(polite);
    await spool.running(deaf);
    await expectEventually(() => spool.text(polite, 'stdout') === 'up\n');
    const began = Date.now();
    for (const id of [polite, deaf]) spool.executor.end(id, { cause: 'cancelled', detail: 'asked for' });
    expect(await spool.end(polite)).toMatchObject({ ok: false, cause: 'cancelled', exit_code: 3 });
    expect(spool.text(polite, 'stdout')).toBe('up\nbye\n');
    expect(await spool.end(deaf)).toMatchObject({ ok: false, cause: 'cancelled', exit_code: 137 });
    expect(Date.now() - began).toBeLessThan(9_000);
  });

  it('gives a program that cannot hear TERM its grace, and none where the setting says so', async () => {
    const took = async (settings: { quick_stop?: boolean }): Promise<number> => {
      const own = new ContainerSpool({ socket: podman.socket, ...settings });
      await own.open();
      try {
        const id = own.launch(['sleep', '100'], { limits: { grace_s: 4 } });
        await own.running(id);
        // Young processes are given a moment to say what they do with TERM.
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        const began = Date.now();
        own.executor.end(id, { cause: 'cancelled', detail: 'asked for' });
        expect(await own.end(id)).toMatchObject({ cause: 'cancelled', exit_code: 137 });
        return Date.now() - began;
      } finally {
        await own.close();
      }
    };
    expect(await took({})).toBeGreaterThan(3_500);
    expect(await took({ quick_stop: true })).toBeLessThan(3_500);
  });

  it('never starts when it is ended before its start', async () => {
    const id = spool.launch(['echo', 'never']);
    spool.executor.end(id, { cause: 'cancelled', detail: 'asked for' });
    expect(await spool.end(id)).toMatchObject({ ok: false, cause: 'cancelled', exit_code: null });
    expect(spool.text(id, 'stdout')).toBe('');
  });

  it('names run time, silence, output and memory as the cause of a death', async () => {
    const timeout = spool.launch(['sleep', '100'], { limits: { runtime_s: 1, grace_s: 0 } });
    const silence = spool.launch(['sh', '-c', 'echo one; sleep 100'], { limits: { silence_s: 1, grace_s: 0 } });
    const output = spool.launch(['yes'], { limits: { output_bytes: 100_000, grace_s: 0 } });
    const memory = spool.launch(['sh', '-c', 'x=a; while :; do x=$x$x; done'], {
      limits: { memory_bytes: 20 * 1024 * 1024, grace_s: 0 },
    });
    expect(await spool.end(timeout)).toMatchObject({
      cause: 'timeout',
      cause_detail: 'Still running after its limit of 1 s.',
    });
    expect(await spool.end(silence)).toMatchObject({ cause: 'silence' });
    expect(await spool.end(output)).toMatchObject({ cause: 'output_limit' });
    expect(await spool.end(memory)).toMatchObject({ cause: 'oom', exit_code: 137 });
  });

  it('says what is wrong with a command or an image that is not there', async () => {
    const command = spool.launch(['nosuch']);
    const image = spool.launch(['true'], {
      container: { image: 'localhost/no/such:1', extra_hosts: {}, mount: false },
    });
    expect(await spool.end(command)).toMatchObject({
      ok: false,
      cause: 'spawn_error',
      exit_code: null,
      cause_detail: expect.stringContaining('"nosuch": executable file not found'),
    });
    expect(await spool.end(image)).toMatchObject({
      ok: false,
      cause: 'spawn_error',
      cause_detail: expect.stringMatching(/^The image localhost\/no\/such:1 could not be pulled: /),
    });
    expect(spool.phases).toContain('pulling');
    expect(await podman.containers()).toEqual([]);
  });

  it('goes on, output and all, when the keeper is killed', async () => {
    const id = spool.launch([
      'sh',
      '-c',
      'for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo $i; sleep 0.5; done; printf x >&2; exit 5',
    ]);
    await spool.running(id);
    await expectEventually(() => spool.text(id, 'stdout').includes('2\n'));
    process.kill(spool.keeper, 'SIGKILL');
    expect(await spool.end(id)).toMatchObject({ ok: false, cause: 'exit_code', exit_code: 5 });
    expect(spool.text(id, 'stdout')).toBe('1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n');
    expect(spool.text(id, 'stderr')).toBe('x');
    expect(await podman.containers()).toEqual([]);
  });

  it('is found again by a daemon that was killed, with what it wrote meanwhile', async () => {
    const running = spool.launch(['sh', '-c', 'echo one; sleep 4; echo two'], { note: { epoch: 7 } });
    const short = spool.launch(['sh', '-c', 'echo short; sleep 1']);
    await spool.running(running);
    await spool.running(short);
    spool.executor.abandon();
    await expectEventually(
      async () => existsSync(join(spool.folder(short), 'exit.json')) && (await podman.containers()).length === 1,
    );
    spool.exited.clear();
    const found = await spool.open();
    expect(found.running).toEqual([
      expect.objectContaining({
        execution_id: running,
        note: { epoch: 7 },
        container_id: spool.started.get(running)?.container_id,
      }),
    ]);
    expect(found.ended).toEqual(expect.arrayContaining([expect.objectContaining({ execution_id: short, ok: true })]));
    spool.executor.forget([short]);
    expect(await spool.end(running)).toMatchObject({ ok: true });
    expect(spool.text(running, 'stdout')).toBe('one\ntwo\n');
  });

  it('survives an engine whose API goes away and comes back', async () => {
    const id = spool.launch(['sh', '-c', 'for i in 1 2 3 4 5 6 7 8; do echo $i; sleep 0.5; done']);
    await spool.running(id);
    await podman.stopService();
    expect(await containerProblem(podman.socket)).toMatch(/does not exist|cannot be reached/);
    const meanwhile = spool.launch(['true']);
    expect(await spool.end(meanwhile)).toMatchObject({
      cause: 'agent_lost',
      cause_detail: expect.stringContaining('cannot be reached'),
    });
    await podman.startService();
    expect(await containerProblem(podman.socket)).toBeNull();
    expect(await spool.end(id)).toMatchObject({ ok: true });
    expect(spool.text(id, 'stdout')).toBe('1\n2\n3\n4\n5\n6\n7\n8\n');
    await expectEventually(async () => (await podman.containers()).length === 0);
  });
});

describe.skipIf(!podmanAvailable())('a node whose daemon does not come back', () => {
  it('ends its containers when the lease is over', async () => {
    const podman = await Podman.start();
    const spool = new ContainerSpool({ socket: podman.socket }, 3);
    try {
      await spool.open();
      const id = spool.launch(['sleep', '300']);
      await spool.running(id);
      spool.executor.abandon();
      await expectEventually(async () => (await podman.containers()).length === 0, {
        withinMs: 20_000,
        what: 'The end of the container',
      });
      expect(JSON.parse(readFileSync(join(spool.folder(id), 'exit.json'), 'utf8'))).toMatchObject({
        cause: 'agent_lost',
      });
    } finally {
      await spool.close();
      await podman.stop();
    }
  }, 120_000);
});
