import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { expect } from 'vitest';
import { parse } from 'yaml';

interface Document {
  paths: Record<
    string,
    Record<string, { responses: Record<string, { content?: { 'application/json': { schema: { $ref: string } } } }> }>
  >;
}

const text = readFileSync(new URL('hpc-openapi.yaml', import.meta.url), 'utf8');
const document = parse(text) as Document;
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ ...(parse(text) as object), $id: 'openapi' });

/**
 * The validator of the answer to a request, or null for an answer without a body. Fails for a status the description
 * does not know.
 */
function validatorOf(method: string, path: string, status: number): ValidateFunction | null {
  const pathname = path.split('?')[0] as string;
  const template = Object.keys(document.paths).find((known) =>
    new RegExp(`^${known.replace('{jobId}', '[^/]+')}$`).test(pathname),
  );
  const response = document.paths[template ?? '']?.[method.toLowerCase()]?.responses[String(status)];
  if (!response) throw new Error(`${method} ${path} answered ${status}, which the description does not know`);
  const ref = response.content?.['application/json'].schema.$ref;
  if (!ref) return null;
  return ajv.getSchema(`openapi${ref}`) as ValidateFunction;
}

/** Nulls are nowhere: the description has no nullable field. */
function findNull(value: unknown, path = ''): string | null {
  if (value === null) return path;
  if (typeof value !== 'object') return null;
  for (const [key, inner] of Object.entries(value)) {
    const found = findNull(inner, `${path}/${key}`);
    if (found !== null) return found;
  }
  return null;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test says what it expects of the body
export type Answer = { status: number; body: any; headers: Headers };

/** A client of the observability service that holds every answer against the description. */
export class HpcClient {
  constructor(private readonly url: string) {}

  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    });
    const content = await answer.text();
    const validate = validatorOf(method, path, answer.status);
    if (validate === null) {
      expect(content).toBe('');
      return { status: answer.status, body: undefined, headers: answer.headers };
    }
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    const parsed: unknown = JSON.parse(content);
    const valid = validate(parsed);
    expect(valid ? [] : validate.errors, `${method} ${path} -> ${content}`).toEqual([]);
    expect(findNull(parsed), `${method} ${path} -> ${content}`).toBeNull();
    return { status: answer.status, body: parsed, headers: answer.headers };
  }

  get = (path: string): Promise<Answer> => this.call('GET', path);
  post = (path: string, body: unknown, headers?: Record<string, string>): Promise<Answer> =>
    this.call('POST', path, body, headers);
  patch = (path: string, body: unknown, headers?: Record<string, string>): Promise<Answer> =>
    this.call('PATCH', path, body, headers);
  delete = (path: string, headers?: Record<string, string>): Promise<Answer> =>
    this.call('DELETE', path, undefined, headers);
}
