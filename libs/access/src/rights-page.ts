import type { Caller, Owned } from '@drover/domain';
import { callerOf } from './policy.js';
import { ABILITIES, atLeast, can, ROLES, type Ability, type Role } from './roles.js';

export const ABILITY_ABOUT: Record<Ability, string> = {
  read: 'look at jobs, their output, queues, agents, metrics, alarms, profiles',
  submit: 'submit jobs; cancel, retry and delete them; push counters',
  agent: 'say what runs jobs says: take jobs over HTTP, report output, results, nodes and job metrics',
  operate:
    'pause queues, drain and remove agents, change alarms, silences, scrape targets and restricted queues; exceed priorities',
  admin: 'make, change and revoke clients; everything that has no rule of its own',
};

const ROLE_ABOUT: Record<Role, string> = {
  viewer: 'people and dashboards that look',
  submitter: 'people and programs that run jobs (Testflinger: `contributor`)',
  agent: 'HTTP-pull agents of device labs; needs nothing of what people do',
  operator: 'people who run the installation (Testflinger: `manager`)',
  admin: 'people who decide who the others are',
};

/** A part of a page that is written from code: its marker's name and its text. */
export interface GeneratedPart {
  name: string;
  text: () => string;
}

/** The generated parts of docs/security.md. A new table is one more entry here and one pair of markers in the page. */
export const SECURITY_PARTS: readonly GeneratedPart[] = [
  { name: 'roles', text: rolesTable },
  { name: 'edits', text: editsTable },
  { name: 'objects', text: objectsTable },
];

/** `page` with every generated part written anew. Throws when the page lacks a part's markers. */
export function withGeneratedParts(page: string, parts: readonly GeneratedPart[] = SECURITY_PARTS): string {
  return parts.reduce((text, part) => {
    const begin = `<!-- generated: ${part.name} -->`;
    const end = `<!-- end: ${part.name} -->`;
    const from = text.indexOf(begin);
    const to = text.indexOf(end);
    if (from < 0 || to < from)
      throw new Error(`The page has no part "${part.name}"; it stands between "${begin}" and "${end}".`);
    return `${text.slice(0, from + begin.length)}\n${part.text()}\n${text.slice(to)}`;
  }, page);
}

/** Which role has which ability. */
function rolesTable(): string {
  return table(
    ['ability', 'lets a client', ...ROLES],
    ABILITIES.map((ability) => [
      `\`${ability}\``,
      ABILITY_ABOUT[ability],
      ...ROLES.map((role) => (can(role, ability) ? 'yes' : '')),
    ]),
  );
}

/** Clients of which roles a role may make, change and revoke, where its abilities let it at all. */
function editsTable(): string {
  return table(
    ['role', 'is for', 'is at least'],
    ROLES.map((role) => [
      `\`${role}\``,
      ROLE_ABOUT[role],
      ROLES.filter((other) => atLeast(role, other))
        .map((other) => `\`${other}\``)
        .join(', '),
    ]),
  );
}

/** The relations between a client `me` of the project `mine` and a job. */
const RELATIONS: readonly [string, Omit<Owned, 'kind' | 'id'>][] = [
  ['its own', { project: 'mine', owner: 'me' }],
  ["its project's", { project: 'mine', owner: 'somebody' }],
  ["another project's", { project: 'theirs', owner: 'somebody' }],
  ['handed out to it, or reported by it', { project: 'theirs', owner: 'somebody', holder: 'me' }],
];

/** The table of what each role may do with a job, asked of the policy itself. */
function objectsTable(): string {
  const rights = { max_priority: {}, allowed_queues: [], max_reservation_time: {} };
  const callerAs = (role: Role): Caller =>
    callerOf({ permissions: { client_id: 'me', role, project: 'mine', ...rights } }, null, null);
  const cell = (caller: Caller, relation: Omit<Owned, 'kind' | 'id'>): string => {
    const job: Owned = { kind: 'job', id: 'job', ...relation };
    if (!caller.mayRead(job)) return 'none';
    return [
      'read',
      ...(caller.mayReadSecrets(job) ? ['secrets'] : []),
      ...(caller.mayControl(job) ? ['control'] : []),
    ].join(', ');
  };
  return table(
    ['a job that is', ...ROLES],
    RELATIONS.map(([name, relation]) => [name, ...ROLES.map((role) => cell(callerAs(role), relation))]),
  );
}

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
