import { constants, crc32, gzip, gzipSync } from 'node:zlib';

/** Below this, storing is as short as deflating and far cheaper than setting a compressor up. Bytes. */
const STORED_BELOW = 160;
/** Below this, compressing here costs less than the way to the thread pool and back. */
const SYNC_BELOW = 16 * 1024;
const LEVEL = { level: constants.Z_BEST_SPEED };

/** One gzip member that holds `raw`: whole logs are concatenations of them. */
export function gzipMember(raw: Buffer): Buffer | Promise<Buffer> {
  if (raw.length < STORED_BELOW) return storedMember(raw);
  if (raw.length < SYNC_BELOW) return gzipSync(raw, LEVEL);
  return new Promise((resolve, reject) => {
    gzip(raw, LEVEL, (error, member) => (error === null ? resolve(member) : reject(error)));
  });
}

/** A member with one stored block (RFC 1951, 3.2.4; RFC 1952, 2.3). `raw` is at most 65,535 bytes. */
function storedMember(raw: Buffer): Buffer {
  const member = Buffer.allocUnsafe(10 + 5 + raw.length + 8);
  // Magic, deflate, no flags, no time, fastest, Unix.
  member.set([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 3, 1]);
  member.writeUInt16LE(raw.length, 11);
  member.writeUInt16LE(raw.length ^ 0xffff, 13);
  raw.copy(member, 15);
  member.writeUInt32LE(crc32(raw), 15 + raw.length);
  member.writeUInt32LE(raw.length, 19 + raw.length);
  return member;
}
