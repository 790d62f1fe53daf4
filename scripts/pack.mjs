// npm calls it before and after it packs Drover (`npm pack`): the package gets a package.json and a lock of its own,
// which name what a running Drover loads. The folder has its own package.json again when npm is through.
import './lib/node-version.mjs';
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { packedLock, packedManifest } from './lib/packed.mjs';
import { root } from './lib/root.mjs';

const MANIFEST = join(root, 'package.json');
const KEPT = join(root, 'dist', 'package.json.kept');
const LOCK = join(root, 'npm-shrinkwrap.json');

/** Puts back what an interrupted run has left, too. */
function restore() {
  rmSync(LOCK, { force: true });
  if (existsSync(KEPT)) renameSync(KEPT, MANIFEST);
}

async function prepare() {
  restore();
  await build({ quick: true });
  const manifest = JSON.parse(readFileSync(MANIFEST, 'utf8'));
  const packed = packedManifest(manifest);
  const lock = packedLock(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')), packed);
  copyFileSync(MANIFEST, KEPT);
  writeFileSync(LOCK, `${JSON.stringify(lock, null, 2)}\n`);
  writeFileSync(MANIFEST, `${JSON.stringify(packed, null, 2)}\n`);
}

if (process.argv[2] === 'after') restore();
else await prepare();
