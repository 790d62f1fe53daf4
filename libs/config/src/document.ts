import { allVariables } from './load.js';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** The reference of every setting, as Markdown: docs/settings.md. */
export function settingsDocument(): string {
  const sections = new Map<string, string[]>();
  for (const { section, variable } of allVariables()) {
    const rows = sections.get(section) ?? [];
    sections.set(section, rows);
    rows.push(`| \`${variable.name}\` | ${cell(variable.accepts)} | ${cell(variable.fallback)} | ${cell(variable.about)} |`);
  }
  const tables = [...sections].map(([title, rows]) => [`## ${title}`, '', '| variable | takes | default | about |', '| --- | --- | --- | --- |', ...rows].join('\n'));
  return ['# Settings', '', 'Everything Drover reads from its environment. All problems are reported at once, each with its remedy.', '', tables.join('\n\n'), ''].join('\n');
}
