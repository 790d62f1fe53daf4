import type { Command } from 'commander';
import { terminal } from '../terminal/terminal.js';

const ROLES = 'viewer, submitter, agent, operator, admin';
const collect = (value: string, before: string[]): string[] => [...before, value];

interface CreateOptions {
  role: string;
  project?: string;
  key?: string;
  queue: string[];
  maxPriority: string[];
  maxReservation: string[];
  email?: string;
  takeOver?: boolean;
  json?: boolean;
}

/** Clients of the API: who may log in, and what they are allowed. Works on the database, not over HTTP. */
export function addClients(program: Command): void {
  const clients = program
    .command('clients')
    .description('make, list and revoke the clients that may log in (DROVER_AUTH=oauth2)');

  clients
    .command('create <id>')
    .description('make a client; its key is shown once')
    .requiredOption('--role <role>', ROLES)
    .option('--project <project>', 'the project it is a member of (default: default)')
    .option('--key <key>', 'its key, at least 15 characters (default: a random one)')
    .option(
      '--queue <queue>',
      'a restricted queue it may submit to; for an agent: a queue it may serve (repeatable)',
      collect,
      [],
    )
    .option('--max-priority <queue=n>', 'highest priority, "*" for every queue (repeatable)', collect, [])
    .option('--max-reservation <queue=seconds>', 'longest reservation, "*" for every queue (repeatable)', collect, [])
    .option('--email <address>')
    .option('--take-over', 'the name may be that of a revoked client: the new one then owns all that one owned')
    .option('--json', 'print JSON')
    .action(async (id: string, options: CreateOptions) => {
      const [{ roleOf }, { DroverError }, { withClients }, { parseLimits }] = await Promise.all([
        import('@drover/access'),
        import('@drover/domain'),
        import('../clients/with-clients.js'),
        import('../clients/limits.js'),
      ]);
      const role = roleOf(options.role);
      if (role === null) throw new DroverError('invalid', `--role ${options.role}: must be one of ${ROLES}.`);
      const { client, key } = await withClients((service) =>
        service.create(
          id,
          {
            role,
            ...(options.project === undefined ? {} : { project: options.project }),
            allowed_queues: options.queue,
            max_priority: parseLimits('--max-priority', options.maxPriority),
            max_reservation_time: parseLimits('--max-reservation', options.maxReservation),
            ...(options.key === undefined ? {} : { key: options.key }),
            ...(options.email === undefined ? {} : { email: options.email }),
          },
          { takeOver: options.takeOver ?? false },
        ),
      );
      if (options.json) await terminal.json({ client_id: client.client_id, role: client.role, key });
      else
        await terminal.out(`client ${client.client_id} (${client.role})\nkey    ${key}\nThe key is not shown again.\n`);
    });

  clients
    .command('list')
    .description('all clients; never their keys')
    .option('--revoked', 'revoked ones, too')
    .option('--json', 'print JSON')
    .action(async (options: { revoked?: boolean; json?: boolean }) => {
      const { withClients } = await import('../clients/with-clients.js');
      const all = await withClients((service) => service.list({ revoked: options.revoked ?? false }));
      if (options.json) return terminal.json(all);
      if (all.length === 0) return terminal.out('There are no clients.\n');
      const limits = (values: Record<string, number>): string =>
        Object.entries(values)
          .map(([queue, value]) => `${queue}=${value}`)
          .join(' ');
      await terminal.table(
        ['CLIENT', 'ROLE', 'QUEUES', 'MAX PRIORITY', 'MAX RESERVATION', 'STATE'],
        all.map((client) => [
          client.client_id,
          client.role,
          client.allowed_queues.join(' '),
          limits(client.max_priority),
          limits(client.max_reservation_time),
          client.revoked_at ? 'revoked' : 'active',
        ]),
      );
    });

  clients
    .command('revoke <id>')
    .description(
      'refuse a client and its tokens from now on; its secrets are deleted, its schedules and waiting jobs cancelled; what runs finishes',
    )
    .option('--end-jobs', 'cancel what runs, too')
    .action(async (id: string, options: { endJobs?: boolean }) => {
      const { withClients } = await import('../clients/with-clients.js');
      await withClients((service) => service.revoke(id, { endJobs: options.endJobs ?? false }));
      await terminal.out(`Client ${id} is revoked.\n`);
    });
}
