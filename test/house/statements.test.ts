import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { sources, type Source } from './sources.js';

/** Files with statements of their own, and why these are not named in a `*.sql.ts`. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'libs/bus/src/postgres-bus.ts': 'LISTEN and pg_notify are its wire: no table is read or written.',
  'libs/embedded/src/cluster.ts': 'It makes the database before there is a record.',
  'libs/embedded/src/roles.ts': 'It makes the roles of the server, which is our own.',
  'libs/embedded/src/roles-sql.ts': 'It holds nothing but statements, for psql as a superuser.',
  'libs/queue/src/postgres-store.ts': 'The tables it reads are those of BullMQ.',
};

/** A text that begins so is a statement; so is one that holds a whole one. */
const BEGINS =
  /^\s*(SELECT|INSERT|UPDATE|DELETE|WITH|MERGE|LOCK|ALTER|CREATE|DROP|TRUNCATE|GRANT|REVOKE|SET|EXPLAIN|ANALYZE|VACUUM|COPY|LISTEN|NOTIFY|BEGIN|COMMIT|ROLLBACK|DO|CALL)\s/;
const HOLDS = /\bINSERT\s+INTO\s|\bDELETE\s+FROM\s|\bUPDATE\s+\S+\s+SET\s|\bSELECT\s[^;]*\sFROM\s/;
const isStatement = (text: string): boolean => BEGINS.test(text) || HOLDS.test(text);

/** The texts of a source; a value within a template is a name as far as this test is concerned. */
function textsOf({ path, text }: Source): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) found.push(node.text);
    if (ts.isTemplateExpression(node))
      found.push([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('x'));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const isNamed = ({ path }: Source): boolean => path.endsWith('.sql.ts') || path.includes('/migrations/');
const all = sources('apps', 'libs');
const withStatements = all
  .filter((source) => !isNamed(source))
  .flatMap((source) => {
    const statements = textsOf(source).filter(isStatement);
    return statements.length > 0 ? [{ path: source.path, statements }] : [];
  });

describe('statements of the record', () => {
  it('are named in files of their own, so that each can be read whole and pasted into psql', () => {
    const inline = withStatements.filter(({ path }) => !(path in EXCEPTIONS));
    expect(inline.flatMap(({ path, statements }) => statements.map((statement) => `${path}: ${statement}`))).toEqual(
      [],
    );
  });

  it('stand elsewhere in the files alone that are named here with a reason', () => {
    expect(
      withStatements
        .map(({ path }) => path)
        .filter((path) => path in EXCEPTIONS)
        .sort(),
    ).toEqual(Object.keys(EXCEPTIONS).sort());
  });

  it('are all that a file of statements holds: it asks nobody', () => {
    const files = all.filter(({ path }) => path.endsWith('.sql.ts'));
    expect(files.length).toBeGreaterThan(15);
    expect(files.filter(({ text }) => /\bawait\b|\bsql\.(rows|run|prepared|entities)\(/.test(text))).toEqual([]);
  });
});
