import { allVariables, type DialectSettings } from './load.js';
import { fileVariableOf } from './secret-files.js';

/** The page of every variable, docs/configuration.md. `npm run docs` writes it; `npm test` compares. */
export function configurationPage(dialects: readonly DialectSettings[]): string {
  const sections = new Map<string, string[]>();
  for (const { section, variable } of allVariables(dialects)) {
    const rows = sections.get(section) ?? [];
    const name = variable.secret
      ? `\`${variable.name}\`, \`${fileVariableOf(variable.name)}\``
      : `\`${variable.name}\``;
    rows.push(`| ${name} | ${cell(variable.about)} | ${cell(variable.accepts)} | ${cell(variable.fallback)} |`);
    sections.set(section, rows);
  }
  const tables = [...sections].map(([title, rows]) =>
    [
      `## ${title}`,
      '',
      '| variable | what it is for | accepts | without it |',
      '| --- | --- | --- | --- |',
      ...rows,
      '',
    ].join('\n'),
  );
  return [
    '# Configuration',
    '',
    'Every program reads its settings from the environment, once, at its start, and names every problem it finds in one message.',
    'A secret setting may be given as a file that holds it: its name with `_FILE` (see [security.md](security.md#keys-and-secrets)).',
    'An empty variable counts as not set. This page is written by `npm run docs` from the declarations in `libs/config` and `libs/dialects`.',
    '',
    ...tables,
  ].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
