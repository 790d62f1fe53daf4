import type { Command } from 'commander';

/** `drover enrol`: makes this machine a node. */
export function addEnrol(program: Command): void {
  program
    .command('enrol')
    .description('make this machine a node, with the invitation that `drover nodes invite` gave')
    .requiredOption('--url <url>', 'where this machine finds the API')
    .option(
      '--token <token>',
      'the invitation; others on this machine can read it there: better DROVER_ENROL_TOKEN, or - for standard input',
    )
    .option('--name <name>', 'the name of the node (default: DROVER_NODE_NAME, or the host name)')
    .option('--ca <file>', 'the certificate of the authority that the API has its own from, PEM')
    .option('--ca-fingerprint <sha256>', 'fetch that certificate from the API and keep it if it has this fingerprint')
    .option(
      '--file <file>',
      'where to write the settings (default: /etc/drover/worker.env for root, else ~/.config/drover/worker.env)',
    )
    .option('--replace', 'this machine is a node already: make it another one')
    .action(async (options: import('../enrol/enrol.js').EnrolOptions) => {
      const { enrol } = await import('../enrol/enrol.js');
      await enrol(options);
    });
}
