// `npm run docs`: writes the pages of docs that are made from code.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { root } from './lib/root.mjs';

await build({ quick: true });
const { configurationPage } = await import(pathToFileURL(join(root, 'dist/libs/config/src/index.js')).href);
writeFileSync(join(root, 'docs/configuration.md'), configurationPage());
