import { describe, expect, it } from 'vitest';
import { sources } from './sources.js';

/** A text that begins so is a fragment: it leaves its reader to guess the noun. */
const FRAGMENT = '(What|Of|Who|Whose|Those)\\b';
/** A doc comment that begins so leaves out its subject. */
const WITHOUT_SUBJECT = '(As|Also|Another one|It|Not)\\b';
const COMMENT = new RegExp(`/\\*\\*(?:\\s*\\*)?\\s+(?:${FRAGMENT}|${WITHOUT_SUBJECT}).*`, 'g');
/** The first line of a run of line comments. */
const LINE = new RegExp(`(?<!//.*\\n\\s*)(?<=^\\s*)// ${FRAGMENT}.*`, 'gm');
const OPENAPI = new RegExp(`(?:summary|description|title): ['"\`]${FRAGMENT}.*`, 'g');

const found = (pattern: RegExp): string[] =>
  sources('apps', 'libs', 'test', 'bench').flatMap(({ path, text }) =>
    [...text.matchAll(pattern)].map(([said]) => `${path}: ${said}`),
  );

describe('texts of the code are sentences or noun phrases', () => {
  it('in doc comments', () => {
    expect(found(COMMENT)).toEqual([]);
  });

  it('in comments of lines', () => {
    expect(found(LINE)).toEqual([]);
  });

  it('in the texts of the OpenAPI document', () => {
    expect(found(OPENAPI)).toEqual([]);
  });
});
