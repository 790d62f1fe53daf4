/*
 * `node page-faults.js MEBIBYTES` prints what the first touch of a page costs, in microseconds: writing to fresh
 * memory, less writing to the same memory once more. Small pages, as a heap that grows gets them.
 */
import koffi from 'koffi';

const PAGE = 4_096;
/** PROT_READ | PROT_WRITE; MAP_PRIVATE | MAP_ANONYMOUS; MADV_NOHUGEPAGE. */
const READ_WRITE = 3;
const PRIVATE_ANONYMOUS = 0x22;
const NO_HUGE_PAGES = 15;

const libc = koffi.load(null);
const mmap = libc.func('void *mmap(void *at, size_t length, int protection, int flags, int file, long offset)') as (
  at: null,
  length: number,
  protection: number,
  flags: number,
  file: number,
  offset: number,
) => unknown;
const madvise = libc.func('int madvise(void *at, size_t length, int advice)') as (
  at: unknown,
  length: number,
  advice: number,
) => number;
const memset = libc.func('void *memset(void *at, int value, size_t length)') as (
  at: unknown,
  value: number,
  length: number,
) => unknown;

const bytes = Number(process.argv[2]) * 1_048_576;
const memory = mmap(null, bytes, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0);
madvise(memory, bytes, NO_HUGE_PAGES);
const took = (value: number): number => {
  const before = performance.now();
  memset(memory, value, bytes);
  return performance.now() - before;
};
const first = took(1);
const again = Math.min(took(2), took(3));
console.log(JSON.stringify(((first - again) * 1_000) / (bytes / PAGE)));
