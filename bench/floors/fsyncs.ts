/* `node fsyncs.js FOLDER COUNT` prints how long each append of 8 KiB with its fdatasync took, ms: a commit costs one. */
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const [folder = '', count] = process.argv.slice(2);
const file = openSync(join(folder, 'fsyncs'), 'a', 0o600);
const block = Buffer.alloc(8_192, 1);
const times: number[] = [];
for (let n = 0; n < Number(count); n += 1) {
  const before = performance.now();
  writeSync(file, block);
  fdatasyncSync(file);
  times.push(performance.now() - before);
}
closeSync(file);
console.log(JSON.stringify(times));
