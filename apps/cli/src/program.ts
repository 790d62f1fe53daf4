import { Command, CommanderError } from 'commander';
import { VERSION } from '@drover/config';
import { trustOwnAuthorities } from './client/trust.js';
import { commands } from './commands/index.js';
import { EXIT, exitCodeOfError, exitCodesHelp, explain } from './exit.js';
import { terminal } from './terminal/terminal.js';

const program = new Command('drover')
  .description('A queue-backed job broker with worker agents')
  .version(VERSION, '-V, --version', 'print the version of Drover')
  .showHelpAfterError('(add --help for the options)')
  .addHelpText('after', `\n${exitCodesHelp()}`)
  .configureOutput({ writeOut: (text) => void terminal.out(text), writeErr: (text) => void terminal.err(text) })
  .enablePositionalOptions()
  .exitOverride();

for (const add of commands) add(program);

try {
  await trustOwnAuthorities();
  await program.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) {
    // Help and version end with 0; commander has printed what was wrong.
    process.exitCode = error.exitCode === 0 ? 0 : EXIT.failed;
  } else {
    await terminal.say(explain(error));
    process.exitCode = exitCodeOfError(error);
  }
}
