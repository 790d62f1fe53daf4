import type { Command } from 'commander';
import type { Project } from '@drover/client';
import { formatted, writeRows, type Column, type Format } from '../client/output.js';
import { connecting, openSession, unwrap, type ConnectOptions } from '../client/session.js';

type Options = ConnectOptions & { output: Format };
type Quota = keyof Project['quotas'];

const NAMES: readonly Quota[] = ['waiting_jobs', 'log_bytes', 'artifacts', 'artifact_bytes', 'series'];

const usedOf = ({ usage, quotas, own }: Project, quota: Quota): string =>
  `${usage[quota]}/${quotas[quota] || 'no limit'}${own.includes(quota) ? '*' : ''}`;

const COLUMNS: Column<Project>[] = [
  ['PROJECT', (project) => project.name],
  ...NAMES.map((quota): Column<Project> => [
    quota.toUpperCase().replace('_', ' '),
    (project) => usedOf(project, quota),
  ]),
];

/** Projects with their usage and quotas. */
export function addProjects(program: Command): void {
  const projects = program
    .command('projects')
    .description('list projects with usage and quotas (* set for the project); set quotas');
  const list = (command: Command): Command =>
    formatted(connecting(command)).action(async (options: Options) => {
      const found = unwrap(await openSession(options).api.GET('/api/v1/projects')).projects;
      await writeRows(options.output, found, COLUMNS, (project) => project.name);
    });
  list(projects.command('list', { isDefault: true }).description('projects with usage and quotas'));
  formatted(connecting(projects.command('set <project>').description('set quotas of a project (for operators)')))
    .requiredOption(
      '--quota <quota=n...>',
      `${NAMES.join(', ')}; a whole number, 0 for no limit, "default" for that of the settings (repeatable)`,
      (value: string, before: string[] | undefined) => [...(before ?? []), value],
    )
    .action(async (name: string, options: Options & { quota: string[] }) => {
      const { DroverError } = await import('@drover/domain');
      const body: Partial<Record<Quota, number | null>> = {};
      for (const text of options.quota) {
        const [, quota, value = ''] = /^(\w+)=(\d{1,15}|default)$/.exec(text) ?? [];
        const known = NAMES.find((one) => one === quota);
        if (known === undefined) {
          const right = `must be one of ${NAMES.join(', ')} with a whole number or "default", such as waiting_jobs=1000`;
          throw new DroverError('invalid', `--quota ${text}: ${right}.`);
        }
        body[known] = value === 'default' ? null : Number(value);
      }
      const { api } = openSession(options);
      const project = unwrap(await api.PUT('/api/v1/projects/{name}/quotas', { params: { path: { name } }, body }));
      await writeRows(options.output, [project], COLUMNS, (one) => one.name);
    });
}
