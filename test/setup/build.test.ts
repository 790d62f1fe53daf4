import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PROJECT } from '../support/built.js';

it('npm run build says in one sentence what is missing after an install without the packages for development', () => {
  const tree = mkdtempSync(join(tmpdir(), 'drover-build-'));
  try {
    for (const part of ['scripts', 'package.json', 'tsconfig.json'])
      cpSync(join(PROJECT, part), join(tree, part), { recursive: true });
    // As `npm ci --omit=dev` leaves it: the folder is there, the tools are not.
    mkdirSync(join(tree, 'node_modules', '@nestjs', 'core'), { recursive: true });
    mkdirSync(join(tree, 'apps'));
    writeFileSync(join(tree, 'apps', 'x.ts'), '');
    for (const file of ['tsconfig.build.json', 'nest-cli.json']) cpSync(join(PROJECT, file), join(tree, file));
    const { status, stderr, stdout } = spawnSync('npm', ['run', '--silent', 'build'], {
      cwd: tree,
      encoding: 'utf8',
      timeout: 60_000,
      env: { PATH: process.env['PATH'], HOME: tree },
    });
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: '',
      stderr:
        'drover: The packages for building are not installed (`npm start` installs only those for running): run `npm ci`, then `npm run build` again.\n',
    });
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
});
