// `npm run docs`: writes the pages of docs that are made from code.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from './build.mjs';
import { generatedPages } from './lib/pages.mjs';
import { root } from './lib/root.mjs';

await build({ quick: true });
for (const { path, text } of await generatedPages()) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
