import type { Schema } from '@drover/http';
import { EXAMPLES } from '../native/examples/index.js';
import type { Document } from './types.js';

interface Described {
  description?: string;
  properties?: Record<string, Described>;
}

/** A paragraph of a doc comment is one line of text, however the source is wrapped. */
function joinLines(schema: Described): void {
  if (schema.description) schema.description = schema.description.replaceAll(/(?<!\n)\n(?!\n|\s*[-*|])\s*/g, ' ');
  for (const property of Object.values(schema.properties ?? {})) joinLines(property);
}

/** A doc comment's first line is the summary, the rest the description; shapes get their examples. */
export function polish(document: Document): void {
  for (const operation of Object.values(document.paths).flatMap((item) => Object.values(item))) {
    for (const parameter of operation.parameters ?? []) joinLines(parameter);
    const [summary = '', ...rest] = (operation.summary ?? '').split(/\n\s*\n/);
    if (rest.length === 0) continue;
    operation.summary = summary.replaceAll(/\s+/g, ' ').trim();
    operation.description = [
      ...rest.map((part) => part.replaceAll(/\s+/g, ' ').trim()),
      ...(operation.description ? [operation.description] : []),
    ].join('\n\n');
  }
  const { schemas } = document.components;
  unwrap(schemas);
  unwrap(document.paths);
  for (const schema of Object.values(schemas)) joinLines(schema as Described);
  for (const [name, example] of Object.entries(EXAMPLES)) {
    const schema = schemas[name] as Schema | undefined;
    if (schema) schema['example'] = example;
  }
}

/** OpenAPI 3.1 lets a reference stand beside a description; Nest wraps it in an `allOf` of one, as 3.0 needed it. */
function unwrap(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) if (key !== 'example' && key !== 'examples') unwrap(inner);
  const schema = value as Schema;
  const { allOf } = schema;
  if (!Array.isArray(allOf) || allOf.length !== 1) return;
  delete schema['allOf'];
  Object.assign(schema, allOf[0]);
}
