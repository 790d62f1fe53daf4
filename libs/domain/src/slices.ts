import { StringDecoder } from 'node:string_decoder';

/** Text of this many bytes is collected soon after its use; a megabyte of it would stay until the next large collection. */
const SLICE_BYTES = 32 * 1024;

/** Views of the bytes, small enough to become text. No character of UTF-8 is cut in two, unless the bytes end within it. */
export function* slices(bytes: Buffer): Generator<Buffer> {
  let from = 0;
  while (from < bytes.length) {
    let to = Math.min(from + SLICE_BYTES, bytes.length);
    // Back to the first byte of a character, which has at most four.
    for (let back = 0; back < 3 && to < bytes.length && isContinuation(bytes[to]); back += 1) to -= 1;
    yield bytes.subarray(from, to);
    from = to;
  }
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/** The text of the bytes in small parts; no character is cut in two. */
export function* texts(bytes: Buffer): Generator<string> {
  const decoder = new StringDecoder('utf8');
  for (const slice of slices(bytes)) yield decoder.write(slice);
  const rest = decoder.end();
  if (rest !== '') yield rest;
}
