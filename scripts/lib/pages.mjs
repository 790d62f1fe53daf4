// The pages of docs that are made from code: `npm run docs` writes them, `npm test` holds them against the code.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './root.mjs';

const built = (path) => import(pathToFileURL(join(root, 'dist', path)).href);

/** Each page's path from the project's folder with the text it is to have. The programs have to be built. */
export async function generatedPages() {
  const { configurationPage } = await built('libs/config/src/configuration-page.js');
  const { DIALECTS } = await built('libs/dialects/src/index.js');
  const { withGeneratedParts } = await built('libs/access/src/rights-page.js');
  const { causesPage } = await built('libs/jobs/src/causes-page.js');
  const { commandsPage } = await built('apps/cli/src/commands-page.js');
  // Metrics are declared where they are counted: the whole API is loaded.
  await built('apps/api/src/describe-without-database.js');
  const { metricsPage } = await built('libs/telemetry/src/metrics-page.js');
  return [
    { path: 'docs/configuration.md', text: configurationPage(DIALECTS) },
    { path: 'docs/security.md', text: withGeneratedParts(readFileSync(join(root, 'docs/security.md'), 'utf8')) },
    { path: 'docs/reference/causes.md', text: causesPage() },
    { path: 'docs/reference/commands.md', text: commandsPage() },
    { path: 'docs/reference/metrics.md', text: metricsPage() },
  ];
}

/** The paths of pages that are not what the code says. */
export async function stalePages() {
  return (await generatedPages())
    .filter(({ path, text }) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text)
    .map(({ path }) => path);
}
