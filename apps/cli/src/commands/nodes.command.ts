import type { Command } from 'commander';
import { enrolLine, type EnrolledNode, type Invitation } from '@drover/client';
import { isLoopback } from '@drover/config';
import { colourOfState, formatted, writeRows, type Column, type Format } from '../client/output.js';
import { connecting, openSession, unwrap, type ConnectOptions } from '../client/session.js';
import { terminal } from '../terminal/terminal.js';

type Options = ConnectOptions & { output: Format };

interface InviteOptions extends ConnectOptions {
  queues?: string;
  label: string[];
  slots?: string;
  expires: string;
  ticketLogin?: boolean;
  url?: string;
  json?: boolean;
}

const labelsOf = (labels: Record<string, string>): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
const timeOf = (text: string): string => text.slice(0, 19).replace('T', ' ');

const INVITATIONS: Column<Invitation>[] = [
  ['INVITATION', (one) => one.id],
  ['STATE', (one) => colourOfState(one.state)],
  ['QUEUES', (one) => one.queues.join(',')],
  ['LABELS', (one) => labelsOf(one.labels)],
  ['MADE BY', (one) => one.created_by],
  ['EXPIRES', (one) => timeOf(one.expires_at)],
  ['NODE', (one) => one.used_by ?? ''],
];

const NODES: Column<EnrolledNode>[] = [
  ['NODE', (node) => node.name],
  ['QUEUES', (node) => node.queues.join(',')],
  ['LABELS', (node) => labelsOf(node.labels)],
  ['SLOTS', (node) => String(node.slots ?? 'any')],
  ['JOBS BY', (node) => (node.ticket_login ? 'tickets' : 'the API')],
  ['ENROLLED', (node) => timeOf(node.enrolled_at)],
];

const collect = (value: string, before: string[]): string[] => [...before, value];

/** `drover nodes`: machines that are added, and those that were. */
export function addNodes(program: Command): void {
  const nodes = program.command('nodes').description('add machines by invitations, list and revoke those that came');

  formatted(connecting(nodes.command('list', { isDefault: true }).description('enrolled nodes'))).action(
    async (options: Options) => {
      const found = unwrap(await openSession(options).api.GET('/api/v1/nodes')).nodes;
      await writeRows(options.output, found, NODES, (node) => node.name);
    },
  );

  connecting(nodes.command('invite').description('invite one new node; prints the line to run on it'))
    .option('--queues <queues>', 'the only queues it may serve, comma-separated (default: default)')
    .option('--label <key=value>', 'a label of the node, for placement (repeatable)', collect, [])
    .option('--slots <n>', 'its slots at most (default: as many as it likes)')
    .option('--expires <time>', 'how long the invitation can be used: 60s to 7d', '1h')
    .option('--ticket-login', 'give it a login to the ticket store, which it then has to reach (docs/nodes.md)')
    .option(
      '--url <url>',
      'where the new node finds the API (default: DROVER_PUBLIC_URL of the API, or where it was reached)',
    )
    .option('--json', 'print JSON')
    .action(async (options: InviteOptions) => {
      const { invitationOf } = await import('../enrol/invitation.js');
      const session = openSession(options);
      const made = unwrap(await session.api.POST('/api/v1/nodes/invitations', { body: invitationOf(options) }));
      const url = (options.url ?? made.public_url ?? session.url).replace(/\/+$/, '');
      const line = enrolLine(url, made);
      if (options.json) return terminal.json({ ...made, line });
      await terminal.out(
        `Run this on the new node before ${timeOf(made.expires_at)} UTC. It works once, for one node.\n\n  ${line}\n\n` +
          `The node may serve ${made.queues.join(', ')}. \`drover nodes invitations\` lists invitations, \`drover nodes uninvite ${made.id}\` revokes this one.\n`,
      );
      if (isLoopback(new URL(url).hostname.replace(/^\[|\]$/g, '')))
        await terminal.say(`${url} is this machine itself: for another one say with --url where it finds the API`);
      else if (url.startsWith('http:'))
        await terminal.say(
          `${url} is not encrypted: the token and the key of the node go over the network in clear (DROVER_TLS_CERT)`,
        );
    });

  formatted(connecting(nodes.command('invitations').description('invitations, the newest first'))).action(
    async (options: Options) => {
      const found = unwrap(await openSession(options).api.GET('/api/v1/nodes/invitations')).invitations;
      await writeRows(options.output, found, INVITATIONS, (one) => one.id);
    },
  );

  connecting(nodes.command('uninvite <id>').description('revoke an invitation that no node has used')).action(
    async (id: string, options: ConnectOptions) => {
      const answer = await openSession(options).api.DELETE('/api/v1/nodes/invitations/{id}', {
        params: { path: { id } },
      });
      unwrap(answer);
      await terminal.out(`Invitation ${id} is revoked.\n`);
    },
  );

  connecting(
    nodes.command('revoke <name>').description('end the key of a node; drain it first to let its jobs finish'),
  ).action(async (name: string, options: ConnectOptions) => {
    unwrap(await openSession(options).api.DELETE('/api/v1/nodes/{name}', { params: { path: { name } } }));
    await terminal.out(`Node ${name} is revoked: nothing is taken from it any more.\n`);
  });
}
