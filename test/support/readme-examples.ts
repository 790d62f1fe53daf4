import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from './built.js';

/** An example of a page: its program, and the output that the page says it has. */
export interface Example {
  code: string;
  output: string;
}

/** The blocks of a language in a page, each with the block of `text` behind it. */
export function examplesOf(page: string, language: string): Example[] {
  const text = readFileSync(join(PROJECT, page), 'utf8');
  const block = new RegExp('```' + language + '\\n([^]*?)```\\n\\n```text\\n([^]*?)```', 'g');
  const found = [...text.matchAll(block)].map(([, code = '', output = '']) => ({ code, output }));
  const blocks = text.split('```' + language + '\n').length - 1;
  if (found.length !== blocks) throw new Error(`${page}: ${blocks - found.length} examples say no output.`);
  return found;
}
