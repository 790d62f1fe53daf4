import { asSystem } from '@drover/access';
import { isTerminal } from '@drover/domain';
import type { ControlService, QueryService } from '@drover/jobs';
import type { LogReader } from '@drover/live';
import { type Store, type StoredExecution, type StoredJob } from '@drover/store';
import { labLogStore, type LabRun } from '../record/log.store.js';
import { labResultStore } from '../record/result.store.js';
import { LOG_TYPES, type LogType, type Phase } from './job-states.js';
import { isPulled, STREAM_OF } from './logs.js';
import { readMark } from './worker-script.js';

/** Raw bytes turned into fragments in one transaction. */
const STEP = 512 * 1024;
/** Steps of one call; a log that is longer still is caught up by the next ones. */
const STEPS = 512;
/** A longer line is no mark and need not be complete. */
const MAX_LINE = 64 * 1024;
/** Exit code of a phase whose processes were killed: -9 as an unsigned byte. */
const KILLED = 247;

/**
 * Turns the output of Drover's own workers into fragments by phase, as far as it has come, when somebody asks for it.
 * The place up to which was read is remembered, so each byte is turned once, whichever replica is asked.
 */
export class WorkerOutput {
  constructor(
    private readonly store: Store,
    private readonly logs: LogReader,
    private readonly query: QueryService,
    private readonly control: ControlService,
  ) {}

  /** Catches up with a job; nothing to do for a pulled one. */
  async sync(ref: string, job: StoredJob | null): Promise<void> {
    if (!job?.execution_id) return;
    const execution = await this.query.present(job);
    if (execution === null || isPulled(execution)) return;
    for (const type of LOG_TYPES) await this.syncLog(ref, type, job, execution);
  }

  private async syncLog(ref: string, type: LogType, job: StoredJob, execution: StoredExecution): Promise<void> {
    const bytes = STREAM_OF[type] === 'stdout' ? execution.stdout_bytes : execution.stderr_bytes;
    const over = execution.state === 'ended';
    let run = await labLogStore.run(this.store.sql, ref, type);
    if (run && run.execution_id !== execution.id) run = null;
    if (run === null && bytes === 0 && !over) return;
    for (let step = 0; step < STEPS; step += 1) {
      if (run && run.read_to >= bytes && (run.finished || !over)) return;
      const from = run?.read_to ?? 0;
      const parts: Buffer[] = [];
      for await (const part of this.logs.range(execution.id, STREAM_OF[type], from, Math.min(bytes, from + STEP)))
        parts.push(part);
      run = await this.advance(ref, type, job, execution, from, Buffer.concat(parts), bytes);
    }
  }

  private async advance(
    ref: string,
    type: LogType,
    job: StoredJob,
    execution: StoredExecution,
    from: number,
    read: Buffer,
    bytes: number,
  ): Promise<LabRun> {
    const { run, codes, begun } = await this.store.tx(async (sql) => {
      const locked = await labLogStore.lockRun(sql, ref, type, execution.id);
      // Somebody else was faster; what they stored is as good.
      if (locked.read_to !== from || locked.finished) return { run: locked, codes: {}, begun: null };
      const final = execution.state === 'ended' && from + read.length >= bytes;
      const marked = type === 'output' && job.dialect === 'testflinger';
      const turned = turn(Buffer.concat([locked.rest, read]), {
        executionId: execution.id,
        phase: locked.phase as Phase | null,
        marked,
        final,
      });
      for (const { phase, text } of turned.texts) {
        await labLogStore.append(sql, ref, type, { number: locked.next_number, phase, at: new Date(), text });
        locked.next_number += 1;
      }
      Object.assign(locked, { read_to: from + read.length, rest: turned.rest, phase: turned.phase, finished: final });
      const ended = { ...turned.codes };
      if (final && type === 'output') Object.assign(ended, codesAtEnd(job, execution, marked ? turned.phase : 'test'));
      if (Object.keys(ended).length > 0) {
        const before = (await labResultStore.get(sql, ref, ['status']))?.['status'] as
          | Record<string, number>
          | undefined;
        await labResultStore.merge(sql, ref, { status: { ...before, ...ended } });
      }
      await labLogStore.saveRun(sql, locked);
      return { run: locked, codes: ended, begun: turned.begun };
    });
    // The worker's own words are taken in, whoever happened to look.
    if (!isTerminal(job.state) && (begun || Object.keys(codes).length > 0))
      await asSystem(() => this.control.setPhase(execution.id, begun, codes));
    return run;
  }
}

/** A phase that never said its end was ended from outside. */
function codesAtEnd(job: StoredJob, execution: StoredExecution, open: string | null): Record<string, number> {
  if (open === null) return {};
  const killed = execution.signal !== null || (execution.cause !== null && execution.cause !== 'exit_code');
  return { [open]: killed ? KILLED : (execution.exit_code ?? (job.state === 'succeeded' ? 0 : 1)) };
}

interface Turned {
  texts: { phase: Phase; text: string }[];
  /** Exit codes of phases that ended in these bytes. */
  codes: Record<string, number>;
  /** The phase that is open after them; null between phases. */
  phase: Phase | null;
  /** The last phase that began in them. */
  begun: Phase | null;
  /** Bytes that have to wait for more. */
  rest: Buffer;
}

/** Cuts output into texts by phase. Pure. Without marks everything belongs to `test`. */
function turn(
  bytes: Buffer,
  context: { executionId: string; phase: Phase | null; marked: boolean; final: boolean },
): Turned {
  const cut = context.final ? bytes.length : cutAt(bytes, context.marked);
  const text = bytes.subarray(0, cut).toString();
  const rest = Buffer.from(bytes.subarray(cut));
  if (!context.marked)
    return { texts: text === '' ? [] : [{ phase: 'test', text }], codes: {}, phase: context.phase, begun: null, rest };
  const result: Turned = { texts: [], codes: {}, phase: context.phase, begun: null, rest };
  const add = (line: string): void => {
    const phase = result.phase ?? 'setup';
    const last = result.texts.at(-1);
    if (last?.phase === phase) last.text += line;
    else result.texts.push({ phase, text: line });
  };
  for (const line of text.split(/(?<=\n)/)) {
    const mark = readMark(line.trimEnd(), context.executionId);
    if (mark?.kind === 'begin') {
      result.phase = mark.phase;
      result.begun = mark.phase;
    } else if (mark?.kind === 'end') {
      result.codes[mark.phase] = mark.code;
      result.phase = null;
      continue;
    }
    if (line !== '') add(line);
  }
  return result;
}

/**
 * Where the bytes may be cut: after the last whole line; within a line that is too long, or where lines do not matter,
 * after a whole character.
 */
function cutAt(bytes: Buffer, lines: boolean): number {
  if (lines) {
    const newline = bytes.lastIndexOf(0x0a);
    if (bytes.length - newline - 1 <= MAX_LINE) return newline + 1;
  }
  let cut = bytes.length;
  // Back over an incomplete UTF-8 sequence, which is at most three bytes.
  for (let back = 1; back <= Math.min(4, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] as number;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    if (length > back) cut = bytes.length - back;
    break;
  }
  return cut;
}
