import { Command, CommanderError } from 'commander';
import { commands } from './commands/index.js';
import { BROKER_FAILED, explain } from './exit.js';

const program = new Command('drover')
  .description('A queue-backed job broker with worker agents')
  .showHelpAfterError('(add --help for the options)')
  .enablePositionalOptions()
  .exitOverride();

for (const add of commands) add(program);

try {
  await program.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) {
    // Help and version end with 0; commander has printed what was wrong.
    process.exitCode = error.exitCode === 0 ? 0 : BROKER_FAILED;
  } else {
    process.stderr.write(`drover: ${explain(error)}\n`);
    process.exitCode = BROKER_FAILED;
  }
}
