import type { ApiDocs } from './describer.js';
import type { Document, Operation } from './types.js';

/** The document of one of the APIs: its paths, and the schemas and tags that these use. */
export function partOf(document: Document, { name, docs }: ApiDocs): Document {
  const paths: Document['paths'] = {};
  for (const [path, item] of Object.entries(document.paths)) {
    const own = Object.entries(item).filter(([, operation]) => operation['x-drover-api'] === name);
    if (own.length > 0) paths[path] = Object.fromEntries(own);
  }
  const operations: Operation[] = Object.values(paths).flatMap((item) => Object.values(item));
  const tags = new Set(operations.flatMap((operation) => operation.tags));
  const schemes = new Set(operations.flatMap(({ security = [] }) => security.flatMap((one) => Object.keys(one))));
  return {
    ...document,
    info: {
      ...document.info,
      ...(name === 'native' ? {} : { title: docs.title, description: docs.description }),
    },
    tags: document.tags.filter((tag) => tags.has(tag.name)),
    paths,
    components: {
      ...document.components,
      schemas: schemasOf(document, paths),
      securitySchemes: Object.fromEntries(
        Object.entries(document.components.securitySchemes).filter(([scheme]) => schemes.has(scheme)),
      ),
    },
  };
}

function schemasOf(document: Document, used: unknown): Document['components']['schemas'] {
  const schemas: Document['components']['schemas'] = {};
  const take = (value: unknown): void => {
    for (const [, name = ''] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      const schema = document.components.schemas[name];
      if (name in schemas || !schema) continue;
      schemas[name] = schema;
      take(schema);
    }
  };
  take(used);
  return Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
}
