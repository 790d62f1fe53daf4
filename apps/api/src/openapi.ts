import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { VERSION } from '@drover/config';
import { serveDocsPage } from '@drover/http';
import metadata from './metadata.js';
import { EXAMPLES } from './native/examples.js';

/** Tags in the order of /docs. Those of dialects follow by name. */
const TAGS: [string, string][] = [
  ['jobs', 'Submit, watch and control jobs'],
  ['logs', 'The output of jobs, stored and live'],
  ['events', 'Events of jobs, live'],
  ['queues', 'Lines of waiting jobs'],
  ['projects', 'Projects: their use and their quotas'],
  ['agents', 'The agents that run jobs'],
  ['session', 'Logins of browsers, and who sends a request'],
  ['operations', 'Health, metrics, limits'],
];

/** Swagger UI at /docs, the document at /docs-json and /docs-yaml; one tag a dialect. */
export async function describeApi(app: NestExpressApplication): Promise<void> {
  await SwaggerModule.loadPluginMetadata(metadata);
  // The page is our own: the one Nest makes has inline styles and any document that its address names.
  SwaggerModule.setup('docs', app, () => documentOf(app), {
    ui: false,
    jsonDocumentUrl: 'docs-json',
    yamlDocumentUrl: 'docs-yaml',
  });
  serveDocsPage(app);
}

/** The OpenAPI document of the whole API. `loadPluginMetadata` must have run (describeApi does). */
export function documentOf(app: NestExpressApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Drover')
    .setDescription(
      'A queue-backed job broker with worker agents. One core, one native API (`/api/v1`), five dialects.\n\nErrors of the native API are problem+json (RFC 9457) with `code` for programs, ' +
        '`detail` for people and, for bad input, `errors` with the field, its fault and the remedy. Every answer has an `X-Request-Id`.',
    )
    .setVersion(VERSION)
    .addBearerAuth();
  for (const [name, description] of TAGS) config.addTag(name, description);
  return polish(SwaggerModule.createDocument(app, config.build()));
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'] as const;

interface Described {
  description?: string;
  example?: unknown;
  properties?: Record<string, Described>;
}

/** A paragraph of a doc comment is one line of text, however the source is wrapped. */
function joinLines(schema: Described): void {
  if (schema.description) schema.description = schema.description.replaceAll(/(?<!\n)\n(?!\n|\s*[-*|])\s*/g, ' ');
  for (const property of Object.values(schema.properties ?? {})) joinLines(property);
}

/** A doc comment's first line is the summary, the rest the description; shapes get their examples. */
function polish(document: OpenAPIObject): OpenAPIObject {
  for (const item of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      for (const parameter of operation?.parameters ?? []) joinLines(parameter as Described);
      const [summary = '', ...rest] = (operation?.summary ?? '').split(/\n\s*\n/);
      if (!operation || rest.length === 0) continue;
      operation.summary = summary.replaceAll(/\s+/g, ' ').trim();
      operation.description = [
        ...rest.map((part) => part.replaceAll(/\s+/g, ' ').trim()),
        ...(operation.description ? [operation.description] : []),
      ].join('\n\n');
    }
  }
  const schemas = (document.components?.schemas ?? {}) as Record<string, Described>;
  for (const schema of Object.values(schemas)) joinLines(schema);
  for (const [name, example] of Object.entries(EXAMPLES)) {
    const schema = schemas[name];
    if (schema) schema.example = example;
  }
  return document;
}
