import type { AnswerDocs, ParameterDocs, Schema } from './route-docs.js';

/*
 * Short words for schemas. Where a dialect answers with JSON that no class describes, its `docs.ts` writes the shape
 * with these.
 */

const described = (schema: Schema, description?: string): Schema =>
  description === undefined ? schema : { ...schema, description };

export const text = (description?: string, more: Schema = {}): Schema =>
  described({ type: 'string', ...more }, description);
export const whole = (description?: string): Schema => described({ type: 'integer' }, description);
export const number = (description?: string): Schema => described({ type: 'number' }, description);
export const flag = (description?: string): Schema => described({ type: 'boolean' }, description);
export const moment = (description?: string): Schema => text(description, { format: 'date-time' });
export const words = (values: readonly string[], description?: string): Schema => text(description, { enum: values });
export const listOf = (items: Schema, description?: string): Schema => described({ type: 'array', items }, description);
export const mapOf = (values: Schema, description?: string): Schema =>
  described({ type: 'object', additionalProperties: values }, description);
export const anyObject = (description?: string): Schema =>
  described({ type: 'object', additionalProperties: true }, description);
export const eitherOf = (...anyOf: Schema[]): Schema => ({ anyOf });
export const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] });
export const shape = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

/** An object. The names of fields that may be absent end with `?`. */
export function fields(all: Record<string, Schema>, description?: string): Schema {
  const names = Object.keys(all);
  const required = names.filter((name) => !name.endsWith('?'));
  const properties = Object.fromEntries(Object.entries(all).map(([name, schema]) => [name.replace(/\?$/, ''), schema]));
  return described({ type: 'object', properties, ...(required.length > 0 ? { required } : {}) }, description);
}

/** An answer of JSON. */
export const json = (description: string, schema: Schema, example?: unknown): AnswerDocs => ({
  description,
  body: { schema, ...(example === undefined ? {} : { example }) },
});

/** An answer of text. */
export const plain = (description: string, example: string, type = 'text/plain'): AnswerDocs => ({
  description,
  body: { type, schema: { type: 'string' }, example },
});

/** An answer of bytes. */
export const bytes = (description: string, type: string): AnswerDocs => ({
  description,
  body: { type, schema: { type: 'string', format: 'binary' } },
});

/** An answer without a body. */
export const nothing = (description: string): AnswerDocs => ({ description });

/** A parameter of a query. */
export const query = (description: string, example: unknown, more: Partial<ParameterDocs> = {}): ParameterDocs => ({
  in: 'query',
  description,
  example,
  ...more,
});

/** A parameter of a path. */
export const inPath = (description: string, example: string): ParameterDocs => ({
  in: 'path',
  description,
  example,
  required: true,
  schema: { type: 'string' },
});
