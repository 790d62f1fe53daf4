import { isUtf8 } from 'node:buffer';
import { LongWork } from '@drover/domain';
import { malformed } from './body-problem.js';
import type { LongList } from './json-scan.js';

/**
 * The value of a JSON text. A text with long lists is parsed in pieces, and other requests have their turn between two
 * of them. Undefined for an empty text. Throws a refusal for what is no JSON in UTF-8.
 */
export async function parseJson(bytes: Buffer, lists: readonly LongList[]): Promise<unknown> {
  if (lists.length === 0 || lists.some((list) => list.close < 0)) return parse(bytes);
  const values: unknown[][] = [];
  const rest: (Buffer | string)[] = [];
  let from = 0;
  for (const [index, list] of lists.entries()) {
    values.push(await piecesOf(bytes, list));
    // A placeholder for the list in the rest of the text.
    rest.push(bytes.subarray(from, list.open), `[${index}]`);
    from = list.close + 1;
  }
  rest.push(bytes.subarray(from));
  const body = parse(
    Buffer.concat(rest.map((part) => (typeof part === 'string' ? Buffer.from(part) : part))),
  ) as Record<string, unknown>;
  for (const [index, list] of lists.entries()) {
    const name = String(parse(bytes.subarray(list.key.from, list.key.to)));
    const placed = Object.hasOwn(body, name) ? body[name] : undefined;
    // A name that comes twice counts with its last value, as JSON.parse has it.
    if (!Array.isArray(placed) || placed.length !== 1 || placed[0] !== index) continue;
    Object.defineProperty(body, name, { value: values[index], writable: true, enumerable: true, configurable: true });
  }
  return body;
}

async function piecesOf(bytes: Buffer, { open, cuts, close }: LongList): Promise<unknown[]> {
  const all: unknown[] = [];
  const pieces = new LongWork();
  const brackets = [Buffer.from('['), Buffer.from(']')] as const;
  for (const [index, end] of [...cuts, close].entries()) {
    const start = (index === 0 ? open : (cuts[index - 1] as number)) + 1;
    const piece = parse(Buffer.concat([brackets[0], bytes.subarray(start, end), brackets[1]])) as unknown[];
    if (piece.length === 0) throw malformed('The body is no valid JSON: a list ends with a comma.');
    for (const value of piece) all.push(value);
    if (pieces.isDue()) await pieces.turn();
  }
  return all;
}

function parse(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw malformed('The body is no valid UTF-8; send JSON in UTF-8.');
  try {
    return JSON.parse(bytes.toString()) as unknown;
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 200).toWellFormed() : '';
    throw malformed(`The body is no valid JSON: ${reason}.`);
  }
}
