import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';
import { PROJECT } from '../support/built.js';

interface Operation {
  summary?: string;
  description?: string;
  tags?: string[];
  responses: Record<string, { description: string; content?: Record<string, { schema?: unknown; example?: unknown }> }>;
}

describe('the OpenAPI document', () => {
  let api: TestApi;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test looks at what came
  let document: any;
  let routes: [string, Operation][];
  beforeAll(async () => {
    api = await startApi({ passive: true });
    document = await (await fetch(`${api.url}/docs-json`)).json();
    routes = Object.entries(document.paths as Record<string, Record<string, Operation>>)
      .filter(([path]) =>
        /^\/api\/v1\/(jobs|events|queues|agents|limits|alarms|profiles|scrape-targets|session)/.test(path),
      )
      .flatMap(([path, item]) =>
        Object.entries(item).map(([method, operation]): [string, Operation] => [`${method} ${path}`, operation]),
      );
  });
  afterAll(() => api.close());

  it('describes every route of jobs, queues, agents, alarms, profiles and targets: summary, tag, its answer, its refusals as problem+json', () => {
    expect(routes.length).toBeGreaterThan(38);
    for (const [name, operation] of routes) {
      expect(operation.summary, name).toMatch(/^[^\n]{8,100}$/);
      expect(operation.tags?.length, name).toBe(1);
      const answers = Object.entries(operation.responses);
      expect(
        answers.some(([status, answer]) => status.startsWith('2') && answer.description !== ''),
        name,
      ).toBe(true);
      for (const [status, answer] of answers)
        if (status >= '400')
          expect(answer.content?.['application/problem+json']?.example, `${name} ${status}`).toBeDefined();
    }
  });

  it('has examples that fit their own schemas', () => {
    const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
    ajv.addSchema({ $id: 'doc', components: withNull(document.components) as object });
    const names = Object.entries(document.components.schemas as Record<string, { example?: unknown }>).filter(
      ([, schema]) => schema.example !== undefined,
    );
    expect(names.length).toBeGreaterThan(15);
    for (const [name, schema] of names) {
      const valid = ajv.validate({ $ref: `doc#/components/schemas/${name}` }, schema.example);
      expect(valid, `${name}: ${ajv.errorsText()}`).toBe(true);
    }
  });

  it('is shown by /docs and given as YAML', async () => {
    expect(await (await fetch(`${api.url}/docs`)).text()).toContain('swagger-ui');
    expect(await (await fetch(`${api.url}/docs-yaml`)).text()).toContain('openapi: 3');
  });

  // Last: it keeps this process, which is the server, too, busy for longer than an idle connection lives.
  it('is what the committed client was made from (npm run gen)', async () => {
    const { clientSource } = (await import(pathToFileURL(join(PROJECT, 'scripts/gen-client.mjs')).href)) as {
      clientSource: (document: unknown) => Promise<string>;
    };
    expect(readFileSync(join(PROJECT, 'libs/client/src/api.generated.ts'), 'utf8')).toBe(await clientSource(document));
  });
});

/** OpenAPI 3.0 says `nullable` beside a type, a $ref or an enum; JSON schema has a type of its own for it. */
function withNull(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withNull);
  if (schema === null || typeof schema !== 'object') return schema;
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(schema).map(([key, inner]) => [key, key === 'example' ? inner : withNull(inner)]),
  );
  return nullable === true
    ? { anyOf: [rest, { type: 'null' }] }
    : nullable === undefined
      ? rest
      : { nullable, ...rest };
}
