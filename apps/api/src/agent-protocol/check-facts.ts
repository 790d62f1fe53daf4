import type { FieldFault, NodeFacts } from '@drover/domain';
import { object, text, whole } from './check-values.js';

const MOST_CPUS = 100_000;
/** An exbibyte, in MiB. */
const MOST_MEMORY_MB = 2 ** 40;
const MOST_GPUS = 1_024;
const MOST_LABELS = 200;
const MOST_QUEUES = 1_000;
const MOST_SLOTS = 100_000;
const MOST_EXECUTORS = 20;

/** Sentences and words that a worker may say of its node, with their longest. */
const TEXTS = {
  version: 100,
  os: 200,
  container_problem: 2_000,
  cgroup_problem: 2_000,
  isolation: 100,
  metrics_address: 300,
} as const;
const TEXT_NAMES = Object.keys(TEXTS) as (keyof typeof TEXTS)[];

/** The facts of a node of which a worker says nothing. */
const UNTOLD: NodeFacts = {
  hostname: '',
  version: '',
  os: '',
  cpus: 1,
  memory_mb: 0,
  gpus: [],
  labels: {},
  executors: [],
};

/**
 * The facts of a node in `value`, with the faults in it. All else that stands there is left out: lists, scrapes and
 * placement read these facts of all nodes together, and one node must not spoil them for the others.
 */
export function factsIn(value: unknown): { facts: NodeFacts; faults: FieldFault[] } {
  const said = object(value);
  const faults: FieldFault[] = [];
  const demand = (name: string, fits: boolean, message: string): void => {
    if (!fits) faults.push({ field: `facts.${name}`, message });
  };
  const { hostname, executors, cpus, memory_mb, gpus, labels, queue_slots } = said;
  demand('hostname', text(hostname, 500), 'must be a text of 1 to 500 characters');
  demand(
    'executors',
    isList(executors, MOST_EXECUTORS, (one) => text(one, 100)),
    'must be a list of texts',
  );
  demand('cpus', cpus === undefined || whole(cpus, MOST_CPUS), `must be a whole number up to ${MOST_CPUS}`);
  demand('memory_mb', memory_mb === undefined || whole(memory_mb, MOST_MEMORY_MB), 'must be a whole number of MiB');
  demand(
    'gpus',
    gpus === undefined || isList(gpus, MOST_GPUS, isGpu),
    `must be a list of at most ${MOST_GPUS} {index, name, uuid}`,
  );
  demand(
    'labels',
    labels === undefined || isMap(labels, MOST_LABELS, (one) => one === '' || text(one, 1_000)),
    `must be an object of at most ${MOST_LABELS} texts of up to 1000 characters`,
  );
  demand(
    'queue_slots',
    queue_slots === undefined || isMap(queue_slots, MOST_QUEUES, (one) => whole(one, MOST_SLOTS)),
    'must be an object of whole numbers',
  );
  for (const name of TEXT_NAMES) {
    const one = said[name];
    demand(
      name,
      one === undefined || one === '' || text(one, TEXTS[name]),
      `must be a text of up to ${TEXTS[name]} characters`,
    );
  }
  const kept = Object.fromEntries(
    ['hostname', 'executors', 'cpus', 'memory_mb', 'gpus', 'labels', 'queue_slots', ...TEXT_NAMES]
      .filter((name) => said[name] !== undefined)
      .map((name) => [name, said[name]]),
  );
  return { facts: { ...UNTOLD, ...kept }, faults };
}

const isList = (value: unknown, most: number, fits: (one: unknown) => boolean): boolean =>
  Array.isArray(value) && value.length <= most && value.every(fits);

function isMap(value: unknown, most: number, fits: (one: unknown) => boolean): boolean {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  return entries.length <= most && entries.every(([key, one]) => text(key, 200) && fits(one));
}

function isGpu(value: unknown): boolean {
  const { index, name, uuid } = object(value);
  const short = (one: unknown): boolean => one === undefined || one === '' || text(one, 200);
  return whole(index, 100_000) && short(name) && short(uuid);
}
