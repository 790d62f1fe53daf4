import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PROJECT } from '../support/built.js';
import { Stack } from '../support/stack.js';

const run = promisify(execFile);
const LIMIT_MS = 90_000;
/** Beside the tree's own packages, so that generated code finds openapi-fetch. */
const folder = join(PROJECT, `.cache/openapi-clients-${process.pid}`);

/** A program of a package, with the arguments that generate from `native.json`, and code that submits a job with it. */
const GENERATORS: Record<string, { bin: string; args: string[]; use: string }> = {
  'openapi-typescript': {
    bin: 'openapi-typescript/bin/cli.js',
    args: ['native.json', '-o', 'types/api.ts'],
    use: `import createClient from 'openapi-fetch';
import type { paths } from './types/api.js';
export async function submit(url: string): Promise<string> {
  const { data } = await createClient<paths>({ baseUrl: url }).POST('/api/v1/jobs', { body: { command: 'true' } });
  return data?.id ?? 'none';
}
`,
  },
  '@hey-api/openapi-ts': {
    bin: '@hey-api/openapi-ts/bin/run.js',
    args: ['-i', 'native.json', '-o', 'hey', '-c', '@hey-api/client-fetch', '--no-log-file'],
    use: `import { client } from './hey/client.gen.js';
import { submitJob } from './hey/index.js';
export async function submit(url: string): Promise<string> {
  client.setConfig({ baseUrl: url });
  const { data } = await submitJob({ body: { command: 'true' } });
  return data?.id ?? 'none';
}
`,
  },
  orval: {
    bin: 'orval/dist/bin/orval.mjs',
    args: ['--config', 'orval.config.mjs'],
    use: `import { submitJob } from './orval/api.js';
export async function submit(): Promise<string> {
  const answer = await submitJob({ command: 'true' });
  return answer.status === 201 ? answer.data.id : 'none';
}
`,
  },
  'swagger-typescript-api': {
    bin: 'swagger-typescript-api/dist/cli.mjs',
    args: ['generate', '-p', 'native.json', '-o', 'swagger', '-n', 'api.ts'],
    use: `import { Api } from './swagger/api.js';
export async function submit(url: string): Promise<string> {
  const { data } = await new Api({ baseUrl: url }).api.submitJob({ command: 'true' });
  return data.id;
}
`,
  },
};

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'native.json'), await (await fetch(`${stack.url}/docs-json?api=native`)).text());
  const output = { target: 'orval/api.ts', client: 'fetch', baseUrl: stack.url };
  writeFileSync(
    join(folder, 'orval.config.mjs'),
    `export default { api: { input: 'native.json', output: ${JSON.stringify(output)} } };`,
  );
  for (const [name, { bin, args, use }] of Object.entries(GENERATORS)) {
    await run(process.execPath, [join(PROJECT, 'node_modules', bin), ...args], { cwd: folder, timeout: LIMIT_MS });
    writeFileSync(join(folder, `${fileOf(name)}.ts`), use);
  }
}, LIMIT_MS);
afterAll(async () => {
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const fileOf = (generator: string): string => generator.replaceAll(/\W/g, '-');

it(
  'compile as the generators make them, and submit a job',
  async () => {
    const names = Object.keys(GENERATORS).map(fileOf);
    const program = ts.createProgram(
      names.map((name) => join(folder, `${name}.ts`)),
      {
        strict: true,
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.ESNext,
        moduleResolution: ts.ModuleResolutionKind.Bundler,
        lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
        types: [],
        outDir: join(folder, 'out'),
        rootDir: folder,
      },
    );
    const { diagnostics } = program.emit();
    const faults = [...ts.getPreEmitDiagnostics(program), ...diagnostics].map(
      ({ file, messageText }) => `${file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
    expect(faults).toEqual([]);
    for (const name of names) {
      const { submit } = (await import(pathToFileURL(join(folder, 'out', `${name}.js`)).href)) as {
        submit: (url: string) => Promise<string>;
      };
      const id = await submit(stack.url);
      const { status, body } = await stack.request('GET', `/api/v1/jobs/${id}`);
      expect([name, status, (body as { spec?: unknown; command?: string }).command]).toEqual([name, 200, 'true']);
    }
  },
  LIMIT_MS,
);
