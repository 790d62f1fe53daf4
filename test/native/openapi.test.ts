import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DIALECTS } from '@drover/dialects';
import { routesOf } from '@drover/http';
import { nativeDocs } from '../../apps/api/src/openapi/native-docs.js';
import { startApi, type TestApi } from '../support/api.js';
import { PROJECT } from '../support/built.js';
import { routesOfDocument, type Document } from '../support/openapi.js';

const run = promisify(execFile);
const APIS = ['native', ...DIALECTS.map(({ name }) => name)];

let api: TestApi;
let document: Document;
/** The document of everything, and that of each API, by the query that asks for it. */
const documents = new Map<string, Document>();
beforeAll(async () => {
  api = await startApi({ passive: true });
  for (const query of ['', ...APIS.map((name) => `?api=${name}`)])
    documents.set(query, (await (await fetch(`${api.url}/docs-json${query}`)).json()) as Document);
  document = documents.get('') as Document;
});
afterAll(() => api.close());

describe('the OpenAPI document', () => {
  it('describes no route that is gone', () => {
    const handlers = new Set(routesOf(api.app).map(({ handler }) => handler));
    return Promise.all(
      [Promise.resolve(nativeDocs), ...DIALECTS.map(({ docs }) => docs())].map(async (docs) => {
        const { routes } = await docs;
        expect(Object.keys(routes).filter((handler) => !handlers.has(handler))).toEqual([]);
      }),
    );
  });

  it('says what is refused as problem+json in the native API, with an example', () => {
    for (const { method, path, operation } of routesOfDocument(documents.get('?api=native') as Document))
      for (const [status, answer] of Object.entries(operation.responses))
        if (status >= '400' && !/^\/readyz$/.test(path))
          expect(answer.content?.['application/problem+json']?.example, `${method} ${path} ${status}`).toBeDefined();
  });

  it('is valid, the whole and that of each API', async () => {
    for (const [query, one] of documents) {
      const { valid, errors } = await new Validator().validate(
        structuredClone(one) as unknown as Record<string, unknown>,
      );
      expect([query, valid, errors]).toEqual([query, true, undefined]);
    }
  });

  it('has no error for `redocly lint` with its recommended rules', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'drover-openapi-'));
    try {
      const files = [...documents].map(([query, one], at) => {
        const file = join(folder, `${at}-${query.replace('?api=', '') || 'whole'}.json`);
        writeFileSync(file, JSON.stringify(one));
        return file;
      });
      const cli = join(PROJECT, 'node_modules/@redocly/cli/bin/cli.js');
      const { stdout } = await run(
        process.execPath,
        [cli, 'lint', ...files, '--extends=recommended', '--format=json', '--max-problems=1000'],
        {
          cwd: folder,
          maxBuffer: 1 << 26,
          env: { PATH: process.env['PATH'] ?? '', REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
        },
      ).catch((error: unknown) => error as { stdout: string });
      // One report a document, one after the other.
      const reports = stdout
        .split(/(?<=^\})\s*(?=\{)/m)
        .map((text) => JSON.parse(text) as { totals: { errors: number }; problems: { severity: string }[] });
      expect(reports.length).toBe(documents.size);
      expect(reports.flatMap(({ problems }) => problems.filter(({ severity }) => severity === 'error'))).toEqual([]);
      expect(reports.map(({ totals }) => totals.errors)).toEqual(reports.map(() => 0));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);

  it('has examples that fit their own schemas', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
    ajv.addSchema({ $id: 'doc', components: document.components });
    const names = Object.entries(document.components.schemas).filter(([, schema]) => schema['example'] !== undefined);
    expect(names.length).toBeGreaterThan(15);
    for (const [name, schema] of names) {
      const valid = ajv.validate({ $ref: `doc#/components/schemas/${name}` }, schema['example']);
      expect(valid, `${name}: ${ajv.errorsText()}`).toBe(true);
    }
  });

  it('is given whole and for each API, as JSON and as YAML, and refuses an API it does not know', async () => {
    const paths = new Set<string>();
    for (const name of APIS) {
      const part = documents.get(`?api=${name}`) as Document;
      expect(routesOfDocument(part).map(({ operation }) => operation['x-drover-api'])).toContain(name);
      for (const { method, path } of routesOfDocument(part)) paths.add(`${method} ${path}`);
    }
    expect([...paths].toSorted()).toEqual(
      routesOfDocument(document)
        .map(({ method, path }) => `${method} ${path}`)
        .toSorted(),
    );
    expect(await (await fetch(`${api.url}/docs-yaml?api=fastlane`)).text()).toContain('fastlaneEnqueue');
    const refused = await fetch(`${api.url}/docs-json?api=gone`);
    expect(refused.status).toBe(422);
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await refused.json()).toMatchObject({ errors: [{ field: 'api', value: 'gone' }] });
  });

  // Last: it keeps this process, which is the server, too, busy for longer than an idle connection lives.
  it('is what the committed clients were made from (npm run gen)', async () => {
    const { generatedFiles } = (await import(pathToFileURL(join(PROJECT, 'scripts/gen-client.mjs')).href)) as {
      generatedFiles: (document: unknown) => Promise<Record<string, string>>;
    };
    const files = await generatedFiles(document);
    expect(Object.keys(files).length).toBe(3);
    for (const [path, source] of Object.entries(files)) expect(readFileSync(join(PROJECT, path), 'utf8')).toBe(source);
  });
});
