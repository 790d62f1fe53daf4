#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { warnOfAge } from '../scripts/lib/node-version.mjs';

const main = new URL('../dist/apps/cli/src/main.js', import.meta.url);
if (!existsSync(fileURLToPath(main))) {
  console.error('drover: not built yet. Run `npm ci && npm run build` in the project folder first.');
  process.exit(125);
}
if (process.argv[2] === 'up') warnOfAge();
await import(main.href);
