import type { components } from './api.generated.js';
import { followEvents, urlOf, type Transport } from './follow.js';
import { readBytes } from './read-bytes.js';

type Job = components['schemas']['JobDto'];

/** The name of an output of a job. */
export type OutputStream = 'stdout' | 'stderr';

/** A piece of a job's output, as its agent has read it. */
export interface LogPiece {
  readonly stream: OutputStream;
  readonly bytes: Uint8Array;
  /** The same as text. A character that the next piece completes is in the text of that one. */
  readonly text: string;
  /** The place of the first byte in its stream. */
  readonly offset: number;
  /** The execution that wrote it: each retry and each move to another node is a new one, whose offsets begin at 0. */
  readonly execution: string;
  /** Give it as `from` to go on behind this piece. */
  readonly id: string;
}

export interface LogOptions {
  signal: AbortSignal;
  /** One stream. Absent: both. */
  stream?: OutputStream;
  /** The last so many lines, and what follows. */
  tail?: number;
  /** The `id` of a piece to go on behind it, or with `stream` the first byte. */
  from?: string | number;
  /** The connection was lost and is tried again. */
  onLost?: () => void;
}

/**
 * Follows a job's output to its end, over lost connections and restarts of the API, without a byte lost or doubled. The
 * value in the end is the job; null: it was deleted.
 */
export async function* followLog(
  transport: Transport,
  jobId: string,
  { signal, stream, tail, from, onLost }: LogOptions,
): AsyncGenerator<LogPiece, Job | null, undefined> {
  const path = `/api/v1/jobs/${encodeURIComponent(jobId)}`;
  const texts = { stdout: new Utf8Text(), stderr: new Utf8Text() };
  const events = followEvents(transport, `${path}/logs`, {
    signal,
    query: { follow: true, stream },
    first: { tail, offset: typeof from === 'number' ? from : undefined },
    ...(typeof from === 'string' ? { lastId: from } : {}),
    ...(onLost ? { onLost } : {}),
  });
  for await (const { id, event, data } of events) {
    if (event !== 'log' && event !== 'end') continue;
    const said = JSON.parse(data) as {
      stream: OutputStream;
      offset: number;
      text?: string;
      base64?: string;
      job?: Job | null;
    };
    if (event === 'end') return said.job ?? null;
    if (id === undefined) continue;
    const bytes = said.text === undefined ? ofBase64(said.base64 ?? '') : new TextEncoder().encode(said.text);
    const text = texts[said.stream].of(bytes, said.text);
    yield { stream: said.stream, bytes, text, offset: said.offset, execution: id.slice(0, id.indexOf('.')), id };
  }
  // 204: the end was seen before the connection broke.
  const answer = await transport.send(new Request(transport.url + path, { signal }));
  return answer.ok ? ((await answer.json()) as Job) : null;
}

/** Reads one stream of a job's output as far as it is stored, over lost connections. */
export async function* readLog(
  transport: Transport,
  jobId: string,
  { signal, stream, tail, from = 0 }: { signal: AbortSignal; stream: OutputStream; tail?: number; from?: number },
): AsyncGenerator<LogPiece, void, undefined> {
  const path = `/api/v1/jobs/${encodeURIComponent(jobId)}/logs`;
  const text = new Utf8Text();
  let execution: string | undefined;
  let base = from;
  const parts = readBytes(signal, async (taken) => {
    // A retry of the job begins a new log: what is left is read of the one that was begun.
    const first = taken === 0 && tail !== undefined ? { tail } : { offset: base + taken };
    const answer = await transport.send(
      new Request(urlOf(transport.url, path, { stream, execution, ...first }), { signal }),
    );
    execution = answer.headers.get('x-drover-execution') ?? execution;
    if (taken === 0) base = Number(answer.headers.get('x-drover-log-offset') ?? base);
    return answer;
  });
  let offset: number | undefined;
  for await (const bytes of parts) {
    offset ??= base;
    const end = offset + bytes.length;
    const id = `${execution ?? 'none'}.b${end}`;
    yield { stream, bytes, text: text.of(bytes), offset, execution: execution ?? '', id };
    offset = end;
  }
}

/** The text of bytes that come in pieces. */
class Utf8Text {
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  private cut = false;

  /** The text of the next bytes; `whole` where it is known to be theirs. */
  of(bytes: Uint8Array, whole?: string): string {
    if (whole !== undefined && !this.cut) return whole;
    this.cut = true;
    return this.decoder.decode(bytes, { stream: true });
  }
}

const ofBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (unit) => unit.charCodeAt(0));
