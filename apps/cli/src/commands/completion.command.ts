import { Argument, type Command } from 'commander';
import { terminal } from '../terminal/terminal.js';

/** `drover completion bash`: a script for the shell, made from the commands themselves. */
export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('print a completion script, e.g. source <(drover completion bash)')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      await terminal.out({ bash, zsh, fish }[shell](program));
    });
}

const visible = (program: Command): Command[] => program.commands.filter((command) => command.name() !== 'help');
const flagsOf = (command: Command): string[] => command.options.flatMap((option) => option.long ?? []);
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

function bash(program: Command): string {
  const cases = visible(program).map((command) => `    ${command.name()}) words="${flagsOf(command).join(' ')}" ;;`);
  return `_drover() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${visible(program)
      .map((command) => command.name())
      .join(' ')}"
  else case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _drover drover
`;
}

function zsh(program: Command): string {
  return `#compdef drover\nautoload -U +X bashcompinit && bashcompinit\n${bash(program)}`;
}

function fish(program: Command): string {
  return visible(program)
    .flatMap((command) => [
      `complete -c drover -n __fish_use_subcommand -f -a ${command.name()} -d ${quoted(command.description())}`,
      ...command.options.flatMap((option) =>
        option.long
          ? [
              `complete -c drover -n "__fish_seen_subcommand_from ${command.name()}" -l ${option.long.slice(2)} -d ${quoted(option.description)}`,
            ]
          : [],
      ),
    ])
    .join('\n')
    .concat('\n');
}
