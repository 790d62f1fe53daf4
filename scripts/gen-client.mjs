// Writes libs/client/src/api.generated.ts from the OpenAPI document of the built API. `node scripts/gen-client.mjs [--check]`
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { root } from './lib/root.mjs';

const target = join(root, 'libs/client/src/api.generated.ts');
const HEAD = '// Generated from /docs-json by `npm run gen`. Do not edit.\n';

/** The native API's part of a document, as TypeScript. */
export async function clientSource(document) {
  const { default: openapiTS, astToString } = await import('openapi-typescript');
  const paths = Object.fromEntries(Object.entries(document.paths).filter(([path]) => path.startsWith('/api/v1/')));
  const schemas = {};
  const take = (value) => {
    for (const [, name] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (name in schemas || !document.components.schemas[name]) continue;
      schemas[name] = document.components.schemas[name];
      take(schemas[name]);
    }
  };
  take(paths);
  // In the order of names: what other APIs declare must not move lines here.
  const sorted = Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
  return (
    HEAD +
    astToString(
      await openapiTS({ openapi: document.openapi, info: document.info, paths, components: { schemas: sorted } }),
    )
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await build({});
  const { describeWithoutDatabase } = await import(
    pathToFileURL(join(root, 'dist/apps/api/src/describe-without-database.js')).href
  );
  const source = await clientSource(JSON.parse(JSON.stringify(await describeWithoutDatabase())));
  const stale = !existsSync(target) || readFileSync(target, 'utf8') !== source;
  if (process.argv.includes('--check')) {
    if (stale) console.error('libs/client/src/api.generated.ts is not what the API says; run npm run gen.');
    process.exit(stale ? 1 : 0);
  }
  if (stale) writeFileSync(target, source);
  process.exit(0);
}
