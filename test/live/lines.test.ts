import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Stream } from '@drover/domain';
import type { LogLine } from '@drover/live';
import { scriptedAgent, type ScriptedExecution } from '../support/agent.js';
import { startApi, type TestApi } from '../support/api.js';

const ALL = 1_000_000;

interface Piece {
  stream: Stream;
  bytes: Buffer;
}

/** The lines of a view, cut byte by byte: a line ends with its newline, or where the other stream begins. */
function linesOf(pieces: Piece[], stream: Stream | null): { stream: Stream; offset: number; bytes: Buffer }[] {
  const lines: { stream: Stream; offset: number; bytes: Buffer }[] = [];
  let open: (typeof lines)[number] | null = null;
  let offset = 0;
  for (const piece of pieces.filter((one) => stream === null || one.stream === stream)) {
    if (open && open.stream !== piece.stream) open = null;
    for (const byte of piece.bytes) {
      if (!open) lines.push((open = { stream: piece.stream, offset, bytes: Buffer.alloc(0) }));
      open.bytes = Buffer.concat([open.bytes, Buffer.of(byte)]);
      offset += 1;
      if (byte === 0x0a) open = null;
    }
  }
  return lines;
}

/** A random that is the same each time. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
}

function randomPieces(seed: number): Piece[] {
  const next = random(seed);
  const pieces: Piece[] = [];
  for (let n = 0; n < 120; n += 1) {
    const parts = Array.from(
      { length: next(6) + 1 },
      () => ['a', 'bb\n', '\n', 'ccc\r\n', 'é', 'd'.repeat(30)][next(6)],
    );
    pieces.push({ stream: next(4) === 0 ? 'stderr' : 'stdout', bytes: Buffer.from(parts.join('')) });
  }
  return pieces;
}

describe('the lines of a log', () => {
  let api: TestApi;
  let agent: Awaited<ReturnType<typeof scriptedAgent>>;
  beforeAll(async () => {
    api = await startApi({ passive: true });
    agent = await scriptedAgent(api.core);
  });
  afterAll(() => api.close());

  const running = async (): Promise<ScriptedExecution> => {
    const { job } = await api.core.submits.submit({
      queue: 'default',
      owner: 'me',
      dialect: 'native',
      spec: { command: 'true' },
    });
    return (await agent.claim(job.id)).started();
  };
  const written = async (pieces: Piece[]): Promise<ScriptedExecution> => {
    const execution = await running();
    for (const { bytes, stream } of pieces) await execution.write(bytes, stream);
    return execution;
  };
  const read = async (
    { id }: { id: string },
    stream: Stream | null,
    from: Parameters<TestApi['core']['lineReader']['lines']>[2],
    count = ALL,
    textBytes = 10_000,
  ): Promise<LogLine[]> =>
    api.core.lineReader.lines(await api.core.query.execution(id), stream, from, count, textBytes);
  const forget = (id: string, where = 'true'): Promise<number> =>
    api.core.store.sql.run(
      `WITH chunk AS (
        UPDATE log_chunk SET lines = NULL, open = NULL, line = NULL, view_line = NULL, view_offset = NULL
        WHERE execution_id = $1 AND ${where}
      ) UPDATE execution SET log_tally = NULL WHERE id = $1`,
      [id],
    );

  /** Compares every line by its number, its bytes and from the end with those that were cut byte by byte. */
  const agrees = async (execution: ScriptedExecution, pieces: Piece[]): Promise<void> => {
    for (const stream of [null, 'stdout', 'stderr'] as const) {
      const expected = linesOf(pieces, stream);
      const all = await read(execution, stream, { by: 'line', line: 1 });
      expect(all.map((line) => [line.number, line.stream, line.offset, line.bytes, line.text])).toEqual(
        expected.map(({ stream: of, offset, bytes }, index) => [
          index + 1,
          of,
          offset,
          bytes.length,
          bytes.toString().replace(/\r?\n$/, ''),
        ]),
      );
      const extent = await api.core.lineReader.extent(await api.core.query.execution(execution.id), stream);
      expect(extent).toMatchObject({
        lines: all.length,
        bytes: expected.reduce((sum, one) => sum + one.bytes.length, 0),
      });
      for (let number = 1; number <= all.length; number += 7) {
        expect(await read(execution, stream, { by: 'line', line: number }, 3)).toEqual(
          all.slice(number - 1, number + 2),
        );
        const line = all[number - 1] as LogLine;
        for (const offset of [line.offset, line.offset + line.bytes - 1])
          expect(await read(execution, stream, { by: 'offset', offset }, 1)).toEqual([line]);
        const [ofTime] = await read(execution, stream, { by: 'time', at: line.at }, 1);
        expect(ofTime).toEqual(all.find((one) => one.at >= line.at));
      }
      for (const back of [1, 2, 5, all.length, all.length + 10])
        expect(await read(execution, stream, { by: 'line', line: -back })).toEqual(all.slice(-back));
      expect(await read(execution, stream, { by: 'line', line: all.length + 1 })).toEqual([]);
      expect(await read(execution, stream, { by: 'offset', offset: extent.bytes + 1 })).toEqual([]);
      expect(await read(execution, stream, { by: 'time', at: new Date(Date.now() + 60_000) })).toEqual([]);
    }
  };

  it.each([1, 2, 3])(
    'are found by number, by byte and by time, however pieces and streams are mixed (%i)',
    async (seed) => {
      const pieces = randomPieces(seed);
      await agrees(await written(pieces), pieces);
    },
  );

  it('are counted once when they were stored before there was an index, also while more comes', async () => {
    const pieces = randomPieces(4);
    const execution = await written(pieces.slice(0, 60));
    await forget(execution.id);
    for (const { bytes, stream } of pieces.slice(60, 90)) await execution.write(bytes, stream);
    await agrees(execution, pieces.slice(0, 90));
    for (const { bytes, stream } of pieces.slice(90)) await execution.write(bytes, stream);
    await execution.ended();
    await agrees(execution, pieces);
    const tally = (await api.core.query.execution(execution.id)).log_tally;
    expect(tally?.bytes).toBe(pieces.reduce((sum, { bytes }) => sum + bytes.length, 0));
  });

  it('are counted from where the counting ended when it was broken off', async () => {
    const pieces = randomPieces(5);
    const execution = await written(pieces);
    await forget(execution.id, 'sequence >= 50');
    await agrees(execution, pieces);
  });

  it('have the order in which they were accepted, whatever sequence their agent gives', async () => {
    const execution = await running();
    for (const [index, sequence] of [7, 3, 3, 9].entries())
      await api.core.reports.append(agent.agent.id, {
        execution_id: execution.id,
        epoch: execution.claim.epoch,
        stream: index % 2 === 0 ? 'stdout' : 'stderr',
        offset: index < 2 ? 0 : 2,
        length: 2,
        sequence,
        at: new Date(),
        data: (await import('node:zlib')).gzipSync(`${index}\n`),
      });
    expect((await read(execution, null, { by: 'line', line: 1 })).map(({ text }) => text)).toEqual([
      '0',
      '1',
      '2',
      '3',
    ]);
  });

  it('that are very long are cut in the answer, and the next line is found without reading through them', async () => {
    const piece = Buffer.alloc(700_000, 'x');
    const pieces: Piece[] = [
      { stream: 'stdout', bytes: Buffer.from('first\n') },
      ...Array.from({ length: 12 }, (): Piece => ({ stream: 'stdout', bytes: piece })),
      { stream: 'stdout', bytes: Buffer.from('\nlast') },
    ];
    const execution = await written(pieces);
    const lines = await read(execution, null, { by: 'line', line: 1 }, 10, 100);
    expect(lines.map(({ number, bytes, text, cut, ended }) => [number, bytes, text.length, cut, ended])).toEqual([
      [1, 6, 5, false, true],
      [2, 8_400_001, 100, true, true],
      [3, 4, 4, false, false],
    ]);
    expect(await read(execution, 'stdout', { by: 'offset', offset: 5_000_000 }, 1, 100)).toEqual([lines[1]]);
  });

  it('of one execution do not count those of another', async () => {
    const first = await written([{ stream: 'stdout', bytes: Buffer.from('1\n2\n') }]);
    const second = await written([{ stream: 'stdout', bytes: Buffer.from('3\n') }]);
    expect((await read(first, null, { by: 'line', line: -1 })).map(({ number, text }) => [number, text])).toEqual([
      [2, '2'],
    ]);
    expect((await read(second, null, { by: 'line', line: -1 })).map(({ number, text }) => [number, text])).toEqual([
      [1, '3'],
    ]);
  });
});
