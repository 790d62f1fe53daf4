import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import { DroverError } from '@drover/domain';
import type { BlobInfo } from './blob-store.js';

/**
 * Passes bytes on, counts and digests them, and fails with `too_large` past a limit. `info` is right once the stream
 * has ended.
 */
export function meter(maxBytes?: number): { stream: Transform; info: () => BlobInfo } {
  const hash = createHash('sha256');
  let size = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (maxBytes !== undefined && size > maxBytes) {
        done(new DroverError('too_large', `The object is larger than ${maxBytes} bytes.`));
        return;
      }
      hash.update(chunk);
      done(null, chunk);
    },
  });
  return { stream, info: () => ({ size, sha256: hash.digest('hex') }) };
}
