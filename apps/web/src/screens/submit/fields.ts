import { leavesOf, type Leaf, type Schema } from './schema.js';

type Kind = 'text' | 'lines' | 'number' | 'pairs' | 'check' | 'time' | 'area' | 'command' | 'json';

export interface Field {
  /** The path in the body, as the API's faults name it. */
  path: string;
  label: string;
  kind: Kind;
  help: string;
  example?: string;
}

export interface Section {
  title: string;
  /** True: it is open at first. */
  open: boolean;
  fields: readonly Field[];
}

/** The field of everything that no other field can hold: a JSON object, whose parts join the body. */
export const OTHER = 'other fields';
/** Webhooks of a form at most; the API takes fewer. */
const MOST_WEBHOOKS = 20;

type Placed = Pick<Field, 'label'> & Partial<Pick<Field, 'kind' | 'example'>>;

/** Where fields stand that people know. A field of the schema that is not named here stands in the last section. */
const LAYOUT: readonly { title: string; fields: Readonly<Record<string, Placed>> }[] = [
  {
    title: 'The job',
    fields: {
      command: { label: 'Command', kind: 'command', example: 'make test' },
      name: { label: 'Name', example: 'nightly' },
      queue: { label: 'Queue', example: 'default' },
      image: { label: 'Image', example: 'debian:12' },
      tags: { label: 'Tags', example: 'ci' },
    },
  },
  {
    title: 'Input',
    fields: {
      env: { label: 'Environment', example: 'LEVEL=3' },
      workdir: { label: 'Folder' },
      stdin: { label: 'Standard input', kind: 'area' },
      artifacts: { label: 'Artifacts', example: 'out/**/*.xml' },
    },
  },
  {
    title: 'Resources and limits',
    fields: {
      'resources.cpus_per_task': { label: 'CPUs' },
      'resources.memory_mb': { label: 'Memory, MiB' },
      'resources.gpus_per_task': { label: 'GPUs' },
      'resources.nodes': { label: 'Nodes' },
      'resources.tasks': { label: 'Tasks' },
      'resources.exclusive': { label: 'Alone on its node' },
      'limits.runtime_s': { label: 'Longest run, s' },
      'limits.silence_s': { label: 'Longest silence, s' },
      'limits.output_bytes': { label: 'Most output, bytes' },
      'limits.grace_s': { label: 'Grace at its end, s' },
    },
  },
  {
    title: 'When',
    fields: {
      priority: { label: 'Priority' },
      start_at: { label: 'Not before' },
      expires_at: { label: 'Expires at' },
      'cron.pattern': { label: 'Repeats', example: '0 3 * * 1-5' },
      'cron.timezone': { label: 'Time zone', example: 'Europe/Berlin' },
      depends_on: { label: 'Starts after' },
      parent_id: { label: 'Part of' },
      'retry.max': { label: 'Retries' },
      'retry.backoff_s': { label: 'Wait before a retry, s' },
      'retry.factor': { label: 'Each wait longer by' },
    },
  },
  {
    title: 'Told and kept',
    fields: {
      'webhooks.*.url': { label: 'Webhook', example: 'https://example.org/hook' },
      'webhooks.*.on': { label: 'Told of' },
      'webhooks.*.secret': { label: 'Key of its signature' },
      'webhooks.*.format': { label: 'Format of its messages' },
      pinned: { label: 'Kept for ever' },
      keep_workdir: { label: 'Keep its folder on the node' },
      metadata: { label: 'Metadata', example: '{"ticket": 17}' },
      id: { label: 'Id of your own' },
      payload: { label: 'Payload' },
    },
  },
];
const REST = 'More';

/** The way in which a value of a schema is typed in. */
function kindOf({ type, format, items, oneOf, additionalProperties }: Schema): Kind {
  if (oneOf) return 'json';
  if (type === 'string') return format === 'date-time' ? 'time' : 'text';
  if (type === 'number' || type === 'integer') return 'number';
  if (type === 'boolean') return 'check';
  if (type === 'array') return items?.type === 'string' ? 'lines' : 'json';
  return additionalProperties?.type === 'string' ? 'pairs' : 'json';
}

const SYNTAX: Partial<Record<Kind, string>> = {
  lines: 'One a line.',
  pairs: 'NAME=value, one a line.',
  json: 'As JSON.',
};

/** The first sentence of a description, without marks for code; then how the value is typed in. */
function helpOf(schema: Schema, kind: Kind): string {
  const [sentence = ''] = (schema.description ?? '').replaceAll('`', '').split(/(?<=(?<!\be\.g)\.) (?=[A-Z])/);
  const words = schema.items?.enum ? `One a line: ${schema.items.enum.join(', ')}.` : SYNTAX[kind];
  return [sentence, ...(words === undefined ? [] : [words])].filter((text) => text !== '').join(' ');
}

/** A path in words, for a field that nobody has given a name. */
const wordsOf = (path: string): string => {
  const text = path.replace(/\.\*/g, '').replaceAll(/[._]/g, ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
};

function fieldOf({ path, schema }: Leaf, placed: Placed | undefined): Field {
  const kind = placed?.kind ?? kindOf(schema);
  return {
    path,
    label: placed?.label ?? wordsOf(path),
    kind,
    help: helpOf(schema, kind),
    ...(placed?.example === undefined ? {} : { example: placed.example }),
  };
}

/** Fields of elements of a list stand once for each element. */
function repeated(fields: readonly Field[], count: number): Field[] {
  const single = fields.filter(({ path }) => !path.includes('.*.'));
  const each = fields.filter(({ path }) => path.includes('.*.'));
  const all = Array.from({ length: each.length === 0 ? 0 : count }, (_, at) =>
    each.map((field) => ({
      ...field,
      path: field.path.replace('.*.', `.${at}.`),
      label: at === 0 ? field.label : `${field.label} (${at + 1})`,
    })),
  );
  return [...all.flat(), ...single];
}

/** The form of a schema, with room for so many webhooks: every value that it names has a field. */
export function sectionsOf(schema: Schema, webhooks: number): Section[] {
  const leaves = new Map(leavesOf(schema).map((leaf) => [leaf.path, leaf]));
  const count = Math.min(MOST_WEBHOOKS, webhooks);
  const placed = LAYOUT.map(({ title, fields }, at) => ({
    title,
    open: at === 0,
    fields: repeated(
      Object.entries(fields).flatMap(([path, one]) => {
        const leaf = leaves.get(path);
        leaves.delete(path);
        return leaf === undefined ? [] : [fieldOf(leaf, one)];
      }),
      count,
    ),
  }));
  const other: Field = {
    path: OTHER,
    label: 'Other fields (JSON)',
    kind: 'json',
    help: 'An object, whose fields are sent with those above: all that they cannot hold.',
  };
  const rest = repeated(
    [...leaves.values()].map((leaf) => fieldOf(leaf, undefined)),
    count,
  );
  return [...placed, { title: REST, open: false, fields: [...rest, other] }];
}
