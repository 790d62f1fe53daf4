import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../../..');

/** The files that a source imports when it is loaded: no types, and nothing that it imports later. */
function importsOf(path: string): string[] {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest);
  return source.statements.flatMap((statement) => {
    if (ts.isImportDeclaration(statement) && !statement.importClause?.isTypeOnly)
      return [(statement.moduleSpecifier as ts.StringLiteral).text];
    if (ts.isExportDeclaration(statement) && !statement.isTypeOnly && statement.moduleSpecifier)
      return [(statement.moduleSpecifier as ts.StringLiteral).text];
    return [];
  });
}

/** The file that an import means. Null: a package. */
function fileOf(specifier: string, from: string): string | null {
  const path = specifier.startsWith('@drover/')
    ? join(ROOT, 'libs', specifier.slice('@drover/'.length), 'src/index.ts')
    : specifier.startsWith('.')
      ? resolve(from, '..', specifier.replace(/\.js$/, '.ts'))
      : null;
  if (path !== null && !existsSync(path)) throw new Error(`${from} imports ${specifier}, which is not there`);
  return path;
}

describe('the list of dialects', () => {
  it('loads names and settings alone: the command line and the worker read it, too', () => {
    const seen = new Set<string>();
    const packages = new Set<string>();
    const visit = (path: string): void => {
      if (seen.has(path)) return;
      seen.add(path);
      for (const specifier of importsOf(path)) {
        const file = fileOf(specifier, path);
        if (file === null) packages.add(specifier);
        else visit(file);
      }
    };
    visit(join(import.meta.dirname, 'index.ts'));
    const libs = [...seen].map((path) => relative(ROOT, path).split('/')[1]);
    expect([...new Set(libs)].sort()).toEqual(['config', 'dialects']);
    expect([...packages].filter((name) => !name.startsWith('node:'))).toEqual([]);
  });
});
