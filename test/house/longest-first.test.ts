import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TestSpecification, Vitest } from 'vitest/node';
import { LONGEST, LongestFirst } from '../support/longest-first.js';

const ROOT = resolve(import.meta.dirname, '../..');

/** As much of Vitest as a sequencer asks, with what it remembers of an earlier run. */
function sequencer(remembered: Record<string, number> = {}): LongestFirst {
  const results = (key: string): { failed: boolean; duration: number } | undefined =>
    key in remembered ? { failed: false, duration: remembered[key] ?? 0 } : undefined;
  const cache = { getFileTestResults: results, getFileStats: () => ({ size: 1 }) };
  return new LongestFirst({ config: { root: ROOT }, cache } as unknown as Vitest);
}

function spec(name: string, groupOrder: number, path: string): TestSpecification {
  const project = { name, config: { isolate: false, sequence: { groupOrder } } };
  return { project, moduleId: join(ROOT, path) } as unknown as TestSpecification;
}

const FILES = [
  spec('flows', 2, 'test/flows/cancel.test.ts'),
  spec('integration', 1, 'test/cli/login.test.ts'),
  spec('integration', 1, 'test/access/matrix.test.ts'),
  spec('unit', 0, 'libs/domain/src/duration.test.ts'),
  spec('integration', 1, 'test/cli/client.test.ts'),
  spec('integration', 1, 'test/setup/start.test.ts'),
];

const pathsOf = (files: TestSpecification[]): string[] => files.map(({ moduleId }) => moduleId.slice(ROOT.length + 1));

describe('the order of the test files', () => {
  it('names long files that exist', () => {
    expect(Object.keys(LONGEST).filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('starts long files first, then large ones, and keeps the groups apart', async () => {
    expect(pathsOf(await sequencer().sort(FILES))).toEqual([
      'libs/domain/src/duration.test.ts',
      'test/setup/start.test.ts',
      'test/cli/client.test.ts',
      'test/access/matrix.test.ts',
      'test/cli/login.test.ts',
      'test/flows/cancel.test.ts',
    ]);
  });

  it('goes by how long a file took here the last time', async () => {
    const last = { 'integration:test/cli/login.test.ts': 400_000, 'integration:test/setup/start.test.ts': 1_000 };
    expect(pathsOf(await sequencer(last).sort(FILES))).toEqual([
      'libs/domain/src/duration.test.ts',
      'test/cli/login.test.ts',
      'test/cli/client.test.ts',
      'test/setup/start.test.ts',
      'test/access/matrix.test.ts',
      'test/flows/cancel.test.ts',
    ]);
  });
});
