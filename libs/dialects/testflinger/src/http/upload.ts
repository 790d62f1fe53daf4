import type { Readable } from 'node:stream';
import busboy from 'busboy';
import type { Request } from 'express';
import { LabError } from './lab-error.js';

/**
 * Streams the part named `file` of a multipart request to `sink`; nothing is kept in memory or in a temporary file.
 * Resolves when the sink has it all. Throws 400 for a request without such a part; when the client goes away, the
 * sink's stream fails.
 */
export async function receiveFile(request: Request, sink: (file: Readable) => Promise<void>): Promise<void> {
  let parser: ReturnType<typeof busboy>;
  try {
    parser = busboy({ headers: request.headers, limits: { files: 1, fields: 100, fieldSize: 64 * 1024, parts: 101 } });
  } catch {
    // No multipart at all.
    throw new LabError(400, 'No file part in the request');
  }
  const uploads: Promise<void>[] = [];
  await new Promise<void>((resolve, reject) => {
    const fail = (error: Error): void => {
      request.unpipe(parser);
      request.resume();
      parser.destroy();
      reject(error);
    };
    parser.on('file', (name, file) => {
      if (name !== 'file' || uploads.length > 0) {
        file.resume();
        return;
      }
      // A request that breaks off must not look like a short file.
      const broken = (): void => void file.destroy(new Error('the upload broke off'));
      request.once('close', () => {
        if (!request.complete) broken();
      });
      parser.once('error', broken);
      const stored = sink(file);
      stored.catch(fail);
      uploads.push(stored);
    });
    parser.once('close', () => resolve());
    parser.once('error', () => fail(new LabError(400, 'Malformed multipart body')));
    request.once('close', () => {
      if (!request.complete) fail(new LabError(400, 'The upload broke off'));
    });
    request.pipe(parser);
  });
  if (uploads.length === 0) throw new LabError(400, 'No file part in the request');
  await Promise.all(uploads);
}
