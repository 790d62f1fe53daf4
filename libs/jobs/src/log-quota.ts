import { gzipSync } from 'node:zlib';
import { countLines, quotaText, type CountedLines } from '@drover/domain';
import type { Room } from './ports.js';

/** The sentence at the end of a log whose project may keep no more output, as a piece of the log. */
export function dropNotice(
  project: string,
  room: Room | undefined,
): CountedLines & {
  length: number;
  member: Buffer;
} {
  const why = room ? quotaText(project, 'log_bytes', room) : `Project ${project} has used up its quota log_bytes.`;
  const text = Buffer.from(`\n[drover: further output of this execution is not kept. ${why}]\n`);
  return { length: text.length, member: gzipSync(text), ...countLines(text) };
}
