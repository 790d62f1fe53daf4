import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { safeText } from '@drover/domain';

/** Somebody can be asked: both ends are a terminal. */
export const canAsk = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true;

export interface AskOptions {
  signal?: AbortSignal;
  /** Typed characters are not shown. */
  hidden?: boolean;
  onInterrupt?: () => void;
}

/** One line from the person at the terminal; null when there is none (Ctrl-D, or the signal). */
export async function ask(
  question: string,
  { signal, hidden = false, onInterrupt }: AskOptions = {},
): Promise<string | null> {
  // Readline echoes what is typed by itself, into its output: a hidden answer gets one that swallows it.
  const output = hidden ? new Writable({ write: (_chunk, _encoding, done) => done() }) : process.stderr;
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  // Only now: from here on the terminal itself echoes nothing either.
  if (hidden) process.stderr.write(safeText(question));
  if (onInterrupt) lines.on('SIGINT', onInterrupt);
  const closed = new Promise<null>((resolve) => lines.once('close', () => resolve(null)));
  try {
    return await Promise.race([lines.question(hidden ? '' : safeText(question), signal ? { signal } : {}), closed]);
  } catch {
    return null;
  } finally {
    lines.close();
    if (hidden) process.stderr.write('\n');
  }
}

/** Everything on standard input. */
export async function readStdin(limitBytes = 1_048_576): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of process.stdin) {
    parts.push(part as Buffer);
    size += (part as Buffer).length;
    if (size > limitBytes) throw new Error(`Standard input holds more than ${limitBytes} bytes.`);
  }
  return Buffer.concat(parts).toString('utf8');
}
