import { Command, type Argument, type Option } from 'commander';
import { commands } from './commands/index.js';

/** The page docs/reference/commands.md: `npm run docs` writes it from the commands themselves. */
export function commandsPage(): string {
  const program = new Command('drover').enablePositionalOptions();
  for (const add of commands) add(program);
  return [
    '# Commands and options',
    '',
    '<!-- `npm run docs` makes this page. -->',
    '',
    'Every command takes `--help`; `drover --version` prints the version. [The command line](../command-line.md) explains filters, exit codes and logins.',
    '',
    ...program.commands.flatMap((command) => section(command, 'drover')),
  ].join('\n');
}

function section(command: Command, above: string): string[] {
  const name = `${above} ${command.name()}`;
  const rows = [
    ...command.registeredArguments.map((argument) => row(argument.name(), argument)),
    ...command.options.filter(({ hidden }) => !hidden).map((option) => row(option.flags, option)),
  ];
  return [
    `## ${name}`,
    '',
    `${sentence(command.description())}`,
    '',
    `\`${name} ${command.usage()}\``,
    '',
    ...(rows.length === 0 ? [] : ['| argument or option | meaning |', '| --- | --- |', ...rows, '']),
    ...command.commands.flatMap((child) => section(child, name)),
  ];
}

function row(name: string, described: Argument | Option): string {
  const choices = described.argChoices?.length ? ` One of: ${described.argChoices.join(', ')}.` : '';
  const { defaultValue } = described;
  const shown =
    defaultValue === undefined || defaultValue === false || (Array.isArray(defaultValue) && defaultValue.length === 0)
      ? ''
      : ` Default: \`${String(described.defaultValueDescription ?? defaultValue)}\`.`;
  return `| \`${name.replaceAll('|', '\\|')}\` | ${sentence(described.description).replaceAll('|', '\\|')}${choices}${shown} |`;
}

/** A text of the help begins small and has no full stop. */
const sentence = (text: string): string =>
  text === '' ? '' : `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.:!?]$/.test(text) ? '' : '.'}`;
