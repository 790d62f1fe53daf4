import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findProgram } from './sentences.js';

describe('the search for a program', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'drover-find-'));
    writeFileSync(join(folder, 'here'), '#!/bin/sh\n');
    chmodSync(join(folder, 'here'), 0o755);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const find = (program: string, path: string): string => {
    try {
      return findProgram(program, path, folder);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? 'no code';
    }
  };

  it('takes an empty folder of the PATH for the working directory, and a relative one from there', () => {
    expect(find('here', '/nowhere:')).toBe(join(folder, 'here'));
    expect(find('here', '/nowhere:.')).toBe(join(folder, 'here'));
  });

  it.each([
    ['as long as Linux allows, of the working directory alone', ':'.repeat(120_000), 'ENOENT'],
    ['as long as Linux allows, of other folders', Array.from({ length: 18_000 }, (_, n) => n).join(':/'), 'ENOENT'],
    ['as long as a body of the API', ':'.repeat(1_000_000), 'E2BIG'],
  ])('does not keep the supervisor from its other jobs: a PATH %s', (_, path, code) => {
    const begun = performance.now();
    expect(find('no-such-program', path)).toBe(code);
    expect(performance.now() - begun).toBeLessThan(1_500);
  });

  it('finds nothing under a name that no file can have', () => {
    expect(find('x'.repeat(256), folder)).toBe('ENOENT');
  });
});
