// Writes what is made from the OpenAPI document of the built API: libs/client/src/api.generated.ts, the types of the
// Python client, and the schema of the console's form for jobs. `node scripts/gen-client.mjs [--check]`
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { pythonSource } from './gen-python.mjs';
import { root } from './lib/root.mjs';

const HEAD = '// Generated from /docs-json by `npm run gen`. Do not edit.\n';

/** The native API's part of a document. */
function nativePart(document) {
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
  return { paths, schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** The generated files by their paths, as a document says they have to be. */
export async function generatedFiles(document) {
  const { default: openapiTS, astToString } = await import('openapi-typescript');
  const { paths, schemas } = nativePart(document);
  const types = await openapiTS({ openapi: document.openapi, info: document.info, paths, components: { schemas } });
  return {
    'libs/client/src/api.generated.ts': HEAD + astToString(types),
    'clients/python/src/drover/api_types.py': pythonSource(schemas),
    'apps/web/src/screens/submit/schema.generated.ts': formSource(document),
  };
}

/** The parts of a schema that a form has to know. */
const OF_A_FORM = ['type', 'format', 'description', 'enum', 'maxItems', 'required'];

/** The schema of a new job without references, as TypeScript. */
function formSource(document) {
  const whole = (schema) => {
    const { $ref, allOf } = schema;
    if ($ref !== undefined) {
      const { description, ...named } = whole(document.components.schemas[$ref.split('/').at(-1)]);
      return {
        ...named,
        ...((schema.description ?? description) ? { description: schema.description ?? description } : {}),
      };
    }
    if (allOf?.length === 1)
      return whole({ ...allOf[0], ...(schema.description ? { description: schema.description } : {}) });
    return Object.fromEntries([
      ...OF_A_FORM.flatMap((name) => (schema[name] === undefined ? [] : [[name, schema[name]]])),
      ...(schema.items ? [['items', whole(schema.items)]] : []),
      ...(schema.oneOf ? [['oneOf', schema.oneOf.map(whole)]] : []),
      ...(typeof schema.additionalProperties === 'object'
        ? [['additionalProperties', whole(schema.additionalProperties)]]
        : []),
      ...(schema.properties
        ? [
            [
              'properties',
              Object.fromEntries(Object.entries(schema.properties).map(([name, one]) => [name, whole(one)])),
            ],
          ]
        : []),
    ]);
  };
  const schema = JSON.stringify(whole(document.components.schemas.SubmitJobDto), null, 2);
  return `${HEAD}import type { Schema } from './schema.js';\n\nexport const SUBMIT_SCHEMA: Schema = ${schema};\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await build({});
  const { describeWithoutDatabase } = await import(
    pathToFileURL(join(root, 'dist/apps/api/src/describe-without-database.js')).href
  );
  const files = await generatedFiles(JSON.parse(JSON.stringify(await describeWithoutDatabase())));
  const stale = Object.entries(files).filter(
    ([path, source]) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== source,
  );
  if (process.argv.includes('--check')) {
    for (const [path] of stale) console.error(`${path} is not what the API says; run npm run gen.`);
    process.exit(stale.length > 0 ? 1 : 0);
  }
  for (const [path, source] of stale) writeFileSync(join(root, path), source);
  process.exit(0);
}
