// `npm run docs`: writes the pages of docs that are made from code.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { root } from './lib/root.mjs';

const built = (path) => import(pathToFileURL(join(root, 'dist', path)).href);

await build({ quick: true });
const { configurationPage } = await built('libs/config/src/configuration-page.js');
const { DIALECTS } = await built('libs/dialects/src/index.js');
writeFileSync(join(root, 'docs/configuration.md'), configurationPage(DIALECTS));

const security = join(root, 'docs/security.md');
const { withGeneratedParts } = await built('libs/access/src/rights-page.js');
writeFileSync(security, withGeneratedParts(readFileSync(security, 'utf8')));
