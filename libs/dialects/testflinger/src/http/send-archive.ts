import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { parseRange } from '@drover/http';
import type { Archives } from '../core/archives.js';

/**
 * Streams a stored archive, or the part of it that was asked for. 204 when there is none. Never labelled as encoded:
 * clients write the bytes as they come.
 */
export async function sendArchive(
  request: Request,
  response: Response,
  archives: Archives,
  blob: { blob_key: string; size: number } | null,
  name?: string,
): Promise<void> {
  const range = blob ? parseRange(request.headers.range, blob.size) : null;
  if (blob && range === 'unsatisfiable') {
    response.status(416).setHeader('Content-Range', `bytes */${blob.size}`).end();
    return;
  }
  const part = range === 'unsatisfiable' ? null : range;
  const bytes = blob && (await archives.open(blob, part ?? undefined));
  if (!blob || !bytes) {
    response.status(204).end();
    return;
  }
  response.writeHead(part ? 206 : 200, {
    'Content-Type': 'application/gzip',
    'Content-Length': part ? part.end - part.start + 1 : blob.size,
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'no-transform',
    ...(part ? { 'Content-Range': `bytes ${part.start}-${part.end}/${blob.size}` } : {}),
    ...(name === undefined ? {} : { 'Content-Disposition': `attachment; filename="${name}"` }),
  });
  if (request.method === 'HEAD') {
    bytes.destroy();
    response.end();
    return;
  }
  // A client that hangs up is no error of ours; one whose bytes stop short sees the connection break.
  await pipeline(bytes, response).catch(() => response.destroy());
}
