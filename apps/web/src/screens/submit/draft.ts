import type { JobDetail, SubmitJob } from '../../api/types.js';
import { commandLine, quoted } from '../../lib/shell.js';

type Kind = 'text' | 'lines' | 'number' | 'pairs' | 'check' | 'time' | 'area' | 'command';

export interface Field {
  /** The path in the body, as the API's faults name it. */
  path: string;
  label: string;
  kind: Kind;
  help?: string;
  example?: string;
}

export interface Section {
  title: string;
  /** True: it is open at first. */
  open?: boolean;
  fields: readonly Field[];
}

/** The fields of a job, as the form has them. Everything but the command may be left out. */
export const SECTIONS: readonly Section[] = [
  {
    title: 'The job',
    open: true,
    fields: [
      { path: 'command', label: 'Command', kind: 'command', help: 'A line for the shell.', example: 'make test' },
      { path: 'name', label: 'Name', kind: 'text', help: 'For people.', example: 'nightly' },
      { path: 'queue', label: 'Queue', kind: 'text', help: 'The line in which it waits.', example: 'default' },
      { path: 'image', label: 'Image', kind: 'text', help: 'Runs in a container of this image.', example: 'debian:12' },
      { path: 'tags', label: 'Tags', kind: 'lines', help: 'One a line.', example: 'ci' },
    ],
  },
  {
    title: 'Input',
    fields: [
      { path: 'env', label: 'Environment', kind: 'pairs', help: 'NAME=value, one a line.', example: 'LEVEL=3' },
      { path: 'workdir', label: 'Folder', kind: 'text', help: "Relative to the job's own folder, or absolute." },
      { path: 'stdin', label: 'Standard input', kind: 'area' },
      {
        path: 'artifacts',
        label: 'Artifacts',
        kind: 'lines',
        help: 'Files to keep: patterns, one a line.',
        example: 'out/**/*.xml',
      },
    ],
  },
  {
    title: 'Resources and limits',
    fields: [
      { path: 'resources.cpus_per_task', label: 'CPUs', kind: 'number', help: 'Of each task.' },
      { path: 'resources.memory_mb', label: 'Memory, MiB', kind: 'number' },
      { path: 'resources.gpus_per_task', label: 'GPUs', kind: 'number', help: 'Of each task.' },
      { path: 'resources.nodes', label: 'Nodes', kind: 'number', help: 'All at once.' },
      { path: 'resources.tasks', label: 'Tasks', kind: 'number', help: 'Over all nodes.' },
      { path: 'resources.exclusive', label: 'Alone on its node', kind: 'check' },
      { path: 'limits.runtime_s', label: 'Longest run, s', kind: 'number' },
      { path: 'limits.silence_s', label: 'Longest silence, s', kind: 'number' },
      { path: 'limits.output_bytes', label: 'Most output, bytes', kind: 'number' },
      { path: 'limits.grace_s', label: 'Grace at its end, s', kind: 'number', help: 'From TERM to KILL.' },
    ],
  },
  {
    title: 'When',
    fields: [
      { path: 'priority', label: 'Priority', kind: 'number', help: 'Higher runs first.' },
      { path: 'start_at', label: 'Not before', kind: 'time' },
      { path: 'expires_at', label: 'Expires at', kind: 'time', help: 'Ends if it has not started by then.' },
      { path: 'cron.pattern', label: 'Repeats', kind: 'text', help: 'A cron pattern.', example: '0 3 * * 1-5' },
      { path: 'cron.timezone', label: 'Time zone', kind: 'text', help: 'Of the pattern.', example: 'Europe/Berlin' },
      {
        path: 'depends_on',
        label: 'Starts after',
        kind: 'lines',
        help: 'Ids of jobs that must have succeeded, one a line.',
      },
      { path: 'parent_id', label: 'Part of', kind: 'text', help: 'The id of a job: both show as a family.' },
      { path: 'retry.max', label: 'Retries', kind: 'number', help: 'Attempts after the first.' },
      { path: 'retry.backoff_s', label: 'Wait before a retry, s', kind: 'number' },
      { path: 'retry.factor', label: 'Each wait longer by', kind: 'number' },
    ],
  },
  {
    title: 'Told and kept',
    fields: [
      {
        path: 'webhooks.0.url',
        label: 'Webhook',
        kind: 'text',
        help: 'Told of its end.',
        example: 'https://example.org/hook',
      },
      { path: 'webhooks.0.secret', label: 'Key of its signature', kind: 'text' },
      { path: 'pinned', label: 'Kept for ever', kind: 'check' },
      { path: 'keep_workdir', label: 'Keep its folder on the node', kind: 'check' },
    ],
  },
];

/** The form as it is filled in: a text for each path; `true` for a box that is ticked. */
export type Draft = Readonly<Record<string, string>>;

const FIELDS: readonly Field[] = SECTIONS.flatMap(({ fields }) => fields);

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** The value that a field sends. A number that is none goes as it was typed: the API says what is wrong with it. */
function valueOf({ kind }: Field, text: string): unknown {
  switch (kind) {
    case 'number':
      return Number.isFinite(Number(text)) ? Number(text) : text;
    case 'lines':
      return linesOf(text);
    case 'pairs':
      return Object.fromEntries(
        linesOf(text).map((line) => {
          const at = line.indexOf('=');
          return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
        }),
      );
    case 'check':
      return text === 'true';
    case 'time': {
      const at = new Date(text);
      return Number.isNaN(at.getTime()) ? text : at.toISOString();
    }
    default:
      return text;
  }
}

/** The body of the request: what was filled in, and nothing else. */
export function bodyOf(draft: Draft): SubmitJob {
  const body: Record<string, unknown> = {};
  for (const field of FIELDS) {
    const text = draft[field.path] ?? '';
    if (text.trim() === '' || (field.kind === 'check' && text !== 'true')) continue;
    put(body, field.path.split('.'), valueOf(field, text));
  }
  return body as SubmitJob;
}

function put(target: Record<string, unknown>, [name = '', ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  const inner = (target[name] ??= rest[0] === '0' ? [] : {}) as Record<string, unknown>;
  put(inner, rest, value);
}

/**
 * The form that submits a job like this one. Values that the API does not show (`***`) are left for somebody to fill
 * in.
 */
export function draftOf(job: JobDetail): Draft {
  const draft: Record<string, string> = {};
  for (const { path, kind } of FIELDS) {
    const value = path.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown> | null)?.[name], job);
    if (value === null || value === undefined || value === false || value === 0) continue;
    if (path === 'start_at' || path === 'expires_at' || path === 'pinned') continue;
    const text =
      kind === 'command'
        ? commandLine(value as string | string[])
        : kind === 'lines'
          ? (value as string[]).join('\n')
          : kind === 'pairs'
            ? Object.entries(value as Record<string, string>)
                .map(([name, one]) => `${name}=${one === '***' ? '' : one}`)
                .join('\n')
            : String(value as string | number | boolean);
    if (text !== '') draft[path] = text;
  }
  return draft;
}

/** The faults of a refusal by the field of the form that they belong to; those of none are under ''. */
export function faultsByField(faults: readonly { field: string; message: string }[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { field, message } of faults) {
    const own = FIELDS.filter(
      ({ path }) => field === path || field.startsWith(`${path}.`) || path.startsWith(`${field}.`),
    );
    const path = own
      .toSorted((a, b) => b.path.length - a.path.length)
      .find(({ path: one }) => field.startsWith(one))?.path;
    const place = path ?? own[0]?.path ?? '';
    const words = place === '' ? `${field}: ${message}` : message;
    found.set(place, found.has(place) ? `${found.get(place)}; ${words}` : words);
  }
  return found;
}

/** The same request by curl. */
export const curlOf = (body: SubmitJob, origin: string, login: boolean): string =>
  [
    `curl -s ${origin}/api/v1/jobs`,
    ...(login ? ["-H 'Authorization: Bearer $TOKEN'"] : []),
    "-H 'Content-Type: application/json'",
    `-d ${quoted(JSON.stringify(body))}`,
  ].join(' \\\n  ');

/** Fields that the command line has a flag for. */
const FLAGS: readonly [path: string, flag: string][] = [
  ['queue', '--queue'],
  ['name', '--name'],
  ['image', '--image'],
  ['workdir', '--workdir'],
  ['priority', '--priority'],
  ['limits.runtime_s', '--timeout'],
  ['retry.max', '--retries'],
  ['start_at', '--start-at'],
  ['parent_id', '--parent'],
];
const REPEATED: readonly [path: string, flag: string][] = [
  ['env', '--env'],
  ['tags', '--tag'],
  ['artifacts', '--artifact'],
  ['depends_on', '--after'],
];

/** The same job by the command line; null where it has no flag for something that was filled in. */
export function cliOf(draft: Draft): string | null {
  const known = new Set(['command', ...FLAGS.map(([path]) => path), ...REPEATED.map(([path]) => path)]);
  if (Object.entries(draft).some(([path, text]) => text.trim() !== '' && text !== 'false' && !known.has(path)))
    return null;
  const words = FLAGS.flatMap(([path, flag]) => {
    const text = draft[path]?.trim() ?? '';
    return text === '' ? [] : [`${flag} ${quoted(path === 'start_at' ? new Date(text).toISOString() : text)}`];
  });
  for (const [path, flag] of REPEATED)
    words.push(...linesOf(draft[path] ?? '').map((line) => `${flag} ${quoted(line)}`));
  return ['drover submit', ...words, `-- sh -c ${quoted(draft['command'] ?? '')}`].join(' ');
}
