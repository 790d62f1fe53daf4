import {
  isGiven,
  isObject,
  last,
  boolean,
  integer,
  Refusal,
  unprocessable,
  type Values,
} from '@drover/dialects/v1-jobs';
import { pythonLiteral } from './python-literal.js';
import { shellWords, Unbalanced } from './shell-words.js';

/** A submit that is understood and within the rules of this server. */
export interface FluxSubmission {
  argv: string[];
  runtime: number;
  workdir: string | null;
  envars: Record<string, string>;
  num_tasks: number;
  cores_per_task: number;
  gpus_per_task: number | null;
  num_nodes: number | null;
  exclusive: boolean;
  option_flags: Record<string, string>;
  is_launcher: boolean;
}

/** The resources that this server can give. */
export interface Offer {
  nodes: number;
  gpus: boolean;
  optionFlags: string | null;
}

const FIELDS = [
  'command',
  'runtime',
  'workdir',
  'envars',
  'num_tasks',
  'cores_per_task',
  'gpus_per_task',
  'num_nodes',
  'exclusive',
  'option_flags',
  'is_launcher',
];
const LAUNCHERS = ['nextflow', 'snakemake'];

const minimally = (): Refusal =>
  new Refusal(400, {
    Message: "A 'command' is minimally required.",
    error: 'validation_error',
    message: "A 'command' is minimally required.",
  });

const against = (errors: string[]): Refusal =>
  new Refusal(400, {
    Message: 'Invalid submit request',
    Errors: errors,
    error: 'validation_error',
    message: errors.join('; '),
  });

/** The job cannot be built or queued. */
export const issue = (text: string): Refusal =>
  new Refusal(400, {
    Message: 'There was an issue submitting that job.',
    Error: text,
    error: 'validation_error',
    message: text,
  });

/** The answer to a launcher, which is never an error. */
export class LauncherReply {
  constructor(
    readonly name: string,
    readonly known: boolean,
  ) {}
}

/** Query and body together. A body without a name of ours, beside a command in the query, is the environment. */
function parametersOf(query: unknown, body: unknown): Values {
  const fromQuery = isObject(query) ? query : {};
  if (!isObject(body)) return { ...fromQuery };
  if (isGiven(last(fromQuery['command'])) && Object.keys(body).length > 0 && !FIELDS.some((name) => name in body))
    return { envars: body, ...fromQuery };
  return { ...body, ...fromQuery };
}

function argvOf(command: unknown): string[] {
  if (Array.isArray(command)) {
    if (command.length === 0) throw minimally();
    if (!command.every((word) => typeof word === 'string' || typeof word === 'number'))
      throw issue('command must be a string, or a list of strings and numbers');
    return command.map(String);
  }
  if (typeof command !== 'string' || command.trim() === '') throw minimally();
  try {
    const words = shellWords(command);
    if (words.length === 0) throw minimally();
    return words;
  } catch (error) {
    if (error instanceof Unbalanced) throw issue(error.message);
    throw error;
  }
}

/** Text in JSON or Python, or an object. Undefined: unreadable. */
function mapOf(value: unknown): Record<string, unknown> | undefined {
  if (isObject(value)) return value;
  if (typeof value !== 'string') return undefined;
  for (const read of [JSON.parse as (text: string) => unknown, pythonLiteral]) {
    try {
      const found = read(value);
      if (isObject(found)) return found;
    } catch {
      // The other one may read it.
    }
  }
  return undefined;
}

const plain = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

function envarsOf(value: unknown, errors: string[]): Record<string, string> {
  if (!isGiven(value)) return {};
  const found = mapOf(value);
  if (!found) {
    errors.push('Environment variables must be key/value pairs (dict)');
    return {};
  }
  return Object.fromEntries(
    Object.entries(found)
      .filter(([, text]) => text !== null)
      .map(([name, text]) => [name, plain(text)]),
  );
}

function optionFlagsOf(value: unknown, errors: string[]): Record<string, string> {
  if (!isGiven(value)) return {};
  let pairs: [string, string][];
  if (isObject(value)) pairs = Object.entries(value).map(([key, text]) => [key, plain(text)]);
  else if (typeof value === 'string') {
    // A piece without "=" says nothing; upstream drops it as well.
    pairs = value.split(',').flatMap((piece): [string, string][] => {
      const at = piece.indexOf('=');
      return at < 0 ? [] : [[piece.slice(0, at).trim(), piece.slice(at + 1)]];
    });
  } else {
    errors.push(
      `Please provide option args as a dictionary, type ${Array.isArray(value) ? 'list' : typeof value} is invalid.`,
    );
    return {};
  }
  for (const [key] of pairs) if (key.includes('-o')) errors.push(`Please provide keys without -o, ${key} is invalid.`);
  return Object.fromEntries(pairs);
}

function workdirOf(value: unknown): string | null {
  const text = last(value);
  if (!isGiven(text) || text === 'None') return null;
  if (typeof text !== 'string')
    throw unprocessable([{ loc: ['body', 'workdir'], msg: 'str type expected', type: 'type_error.str' }]);
  return text;
}

/**
 * Reads a submit. @throws Refusal: 400 A (no command), 422 (a value of another type), 400 B (all rules of this server
 * that are broken, at once), 400 C (what cannot be built)
 */
export function readSubmission(query: unknown, body: unknown, offer: Offer): FluxSubmission | LauncherReply {
  const values = parametersOf(query, body);
  // `command=a&command=b` in a query is a list there, too.
  const command = values['command'];
  if (!isGiven(command)) throw minimally();
  const runtime = integer(values, 'runtime') ?? 0;
  const numTasks = integer(values, 'num_tasks') ?? 1;
  const coresPerTask = integer(values, 'cores_per_task') ?? 1;
  const gpusPerTask = integer(values, 'gpus_per_task') ?? null;
  const numNodes = integer(values, 'num_nodes') ?? null;
  const exclusive = boolean(values, 'exclusive') ?? false;
  const isLauncher = boolean(values, 'is_launcher') ?? false;

  const errors: string[] = [];
  if (runtime < 0) errors.push(`Runtime must be >= 0, found ${runtime}`);
  if (numNodes !== null && numNodes > offer.nodes)
    errors.push(`The server only has ${offer.nodes} nodes, you requested ${numNodes}`);
  if (gpusPerTask !== null && !offer.gpus)
    errors.push('This server does not support gpus: gpus_per_task cannot be set.');
  else if (gpusPerTask !== null && gpusPerTask < 1) errors.push('Parameter gpus_per_task must be >= 1');
  const option_flags = optionFlagsOf(last(values['option_flags']) ?? offer.optionFlags, errors);
  const envars = envarsOf(last(values['envars']), errors);
  if (errors.length > 0) throw against(errors);

  const argv = argvOf(command);
  if (isLauncher) {
    const name = argv[0]?.split('/').at(-1) ?? '';
    if (!LAUNCHERS.includes(name)) return new LauncherReply(name, false);
  }
  for (const [name, count] of [
    ['num_tasks', numTasks],
    ['cores_per_task', coresPerTask],
    ['num_nodes', numNodes ?? 1],
  ] as const) {
    if (count < 1) throw issue(`Parameter ${name} must be >= 1`);
  }
  if (numNodes !== null && numNodes > numTasks) throw issue('node count must not be greater than task count');
  return {
    argv,
    runtime,
    workdir: workdirOf(values['workdir']),
    envars,
    num_tasks: numTasks,
    cores_per_task: coresPerTask,
    gpus_per_task: gpusPerTask,
    num_nodes: numNodes,
    exclusive,
    option_flags,
    is_launcher: isLauncher,
  };
}
