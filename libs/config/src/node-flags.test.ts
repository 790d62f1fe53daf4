import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { API_ENVIRONMENT, NODE_FLAGS } from './node-flags.js';

const textOf = (file: string): string => readFileSync(join(import.meta.dirname, '../../..', file), 'utf8');

it('starts API and worker with the same flags and environment from npm, from the image and from compose', () => {
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
  const environment = Object.entries(API_ENVIRONMENT).map(([name, value]) => `${name}=${value}`);
  const [flags] = NODE_FLAGS.api;
  expect(scripts['api']).toBe([...environment, 'node', flags, 'dist/apps/api/src/main.js'].join(' '));
  expect(scripts['worker']).toBe(`node ${NODE_FLAGS.worker.join(' ')} dist/apps/worker/src/main.js`);
  for (const line of environment) expect(textOf('Dockerfile')).toContain(`ENV ${line}\n`);
  expect(textOf('Dockerfile')).toContain(`CMD ["${flags}", "dist/apps/api/src/main.js"]`);
  expect(textOf('docker-compose.yml')).toContain(`command: [${flags}, dist/apps/api/src/main.js]`);
  expect(textOf('docker-compose.yml')).toContain(`command: [${NODE_FLAGS.worker[0]}, dist/apps/worker/src/main.js]`);
});
