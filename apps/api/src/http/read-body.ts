import type { Request } from 'express';
import { DroverError } from '@drover/domain';

/** A raw body, whole, of at most `maxBytes`. Throws `too_large`. */
export async function readBody(request: Request, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > maxBytes) throw new DroverError('too_large', `The body is larger than ${maxBytes} bytes.`);
    parts.push(part);
  }
  return Buffer.concat(parts, size);
}
