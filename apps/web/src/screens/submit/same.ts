import type { SubmitJob } from '../../api/types.js';
import { quoted } from '../../lib/shell.js';

/** The same request by curl. */
export const curlOf = (body: SubmitJob, origin: string, login: boolean): string =>
  [
    `curl -s ${origin}/api/v1/jobs`,
    ...(login ? ["-H 'Authorization: Bearer $TOKEN'"] : []),
    "-H 'Content-Type: application/json'",
    `-d ${quoted(JSON.stringify(body))}`,
  ].join(' \\\n  ');

/** Fields that `drover submit` has an option for, with the texts of a value. */
const OPTIONS: readonly [path: readonly string[], option: string, texts: (value: unknown) => string[]][] = [
  [['queue'], '--queue', one],
  [['name'], '--name', one],
  [['image'], '--image', one],
  [['workdir'], '--workdir', one],
  [['priority'], '--priority', one],
  [['limits', 'runtime_s'], '--timeout', one],
  [['retry', 'max'], '--retries', one],
  [['resources', 'nodes'], '--nodes', one],
  [['resources', 'cpus_per_task'], '--cpus', one],
  [['resources', 'gpus_per_task'], '--gpus', one],
  [['resources', 'memory_mb'], '--memory', (value) => [`${String(value)}M`]],
  [['cron', 'pattern'], '--cron', one],
  [['cron', 'timezone'], '--timezone', one],
  [['start_at'], '--start-at', one],
  [['parent_id'], '--parent', one],
  [['env'], '--env', (value) => Object.entries(value as object).map(([name, text]) => `${name}=${String(text)}`)],
  [['tags'], '--tag', all],
  [['artifacts'], '--artifact', all],
  [['depends_on'], '--after', all],
];

function one(value: unknown): string[] {
  return [String(value)];
}

function all(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/**
 * The same job by the command line: by options where there is one for each field, else by the job itself, on standard
 * input.
 */
export function cliOf(body: SubmitJob): string {
  const rest = structuredClone(body) as Record<string, unknown>;
  const words = OPTIONS.flatMap(([[name = '', part], option, texts]) => {
    const target = part === undefined ? rest : (rest[name] as Record<string, unknown> | undefined);
    const value = target?.[part ?? name];
    if (target === undefined || value === undefined) return [];
    delete target[part ?? name];
    if (part !== undefined && Object.keys(target).length === 0) delete rest[name];
    return texts(value).map((text) => `${option}${text.startsWith('-') ? '=' : ' '}${quoted(text)}`);
  });
  const { command, ...others } = rest;
  if (command === undefined || Object.keys(others).length > 0)
    // A line of JSON is never the word alone: line breaks within texts are written as \n.
    return `drover submit --file - <<'JOB'\n${JSON.stringify(body, null, 2)}\nJOB`;
  const run = typeof command === 'string' ? ['sh', '-c', command] : (command as string[]);
  return ['drover submit', ...words, '--', ...run.map(quoted)].join(' ');
}
