import type { IncomingMessage } from 'node:http';
import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { BodyProblem, malformed, tooComplex, tooLarge } from './body-problem.js';

/** Unpacked bytes for each packed one; a bomb has a thousand, a batch of like jobs some fifty. */
const MOST_RATIO = 200;
/** Before that many bytes the ratio says nothing. */
const RATIO_FROM = 1024 * 1024;

const UNPACKERS: Record<string, () => Transform> = {
  gzip: createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

export interface ReceiveOptions {
  /** The most bytes that are taken, also after unpacking. */
  bytes: number;
  /** Sees each part as it comes and may throw. */
  inspect?: (part: Buffer) => void;
  /** Content encodings that are unpacked. Default: none is, the bytes stay as they are. */
  encodings?: readonly string[];
}

/** Whether a request says that a body follows. */
export function hasBody({ headers }: IncomingMessage): boolean {
  const length = headers['content-length'];
  return (length !== undefined || headers['transfer-encoding'] !== undefined) && length !== '0';
}

/** Refuses, by its stated length alone, a body that is too large. */
export function checkLength({ headers }: IncomingMessage, bytes: number): void {
  if (Number(headers['content-length'] ?? 0) > bytes) throw tooLarge(bytes);
}

/** The whole body. Throws a refusal: too large, cut off, packed too well or not at all; what `inspect` throws. */
export function receive(request: IncomingMessage, options: ReceiveOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    checkLength(request, options.bytes);
    const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase();
    const packed = options.encodings !== undefined && encoding !== 'identity';
    if (packed && !options.encodings?.includes(encoding)) {
      const taken = ['plain', ...(options.encodings ?? [])].join(', ');
      throw new BodyProblem(
        415,
        'unsupported_media_type',
        `Content-Encoding ${encoding.slice(0, 100)} is not understood; send one of ${taken}.`,
      );
    }
    const source: Readable = packed ? request.pipe((UNPACKERS[encoding] as () => Transform)()) : request;
    let came = 0;
    if (packed) request.on('data', (part: Buffer) => (came += part.length));
    const parts: Buffer[] = [];
    let size = 0;
    let over = false;
    const fail = (error: Error): void => {
      if (over) return;
      over = true;
      parts.length = 0;
      // Bytes that still come are read and dropped, so that the answer arrives instead of a broken connection.
      if (packed) {
        request.unpipe();
        source.destroy();
      }
      request.resume();
      reject(error);
    };
    source.on('data', (part: Buffer) => {
      if (over) return;
      size += part.length;
      try {
        if (size > options.bytes) throw tooLarge(options.bytes);
        if (packed && size > RATIO_FROM && size > came * MOST_RATIO)
          throw tooComplex(`The body unpacks to more than ${MOST_RATIO} times its size; send it plain.`);
        options.inspect?.(part);
        parts.push(part);
      } catch (error) {
        fail(error as Error);
      }
    });
    source.once('end', () => {
      if (over) return;
      over = true;
      resolve(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, size));
    });
    source.on('error', () =>
      fail(malformed(packed ? 'The body cannot be unpacked: it is no gzip.' : 'The request was cut off.')),
    );
    if (packed) request.once('error', () => fail(malformed('The request was cut off.')));
  });
}
