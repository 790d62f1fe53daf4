import type { Agent, NodeFacts } from './agent.js';
import { DroverError } from './errors.js';

/** The limits of a node that was enrolled: those of the invitation it came with. */
export interface NodeBounds {
  /** The id of its key. */
  key_id: string;
  /** The only name that its worker may register. */
  name: string;
  /** The only queues that it may serve; at least one. */
  queues: string[];
  /** Its labels: all of these, and no others. */
  labels: Record<string, string>;
  /** Slots at most. Null: as many as it likes. */
  slots: number | null;
  /** True: it gets a login to the ticket store. False: its jobs come over the API alone. */
  ticket_login: boolean;
}

/** The bounds of an agent's registration; null: it registered without a key of its own. */
export function boundsOf({ kind, payload }: Pick<Agent, 'kind' | 'payload'>): NodeBounds | null {
  const said = payload['bounds'] as NodeBounds | null | undefined;
  return kind === 'worker' ? (said ?? null) : null;
}

/** Whether the jobs of an agent come over the API alone. */
export const isTicketless = (agent: Pick<Agent, 'kind' | 'payload'>): boolean =>
  boundsOf(agent)?.ticket_login === false;

const forbidden = (message: string, details: Record<string, unknown>): DroverError =>
  new DroverError('forbidden', message, details);
const quoted = (texts: readonly string[]): string => texts.join(', ');

/** Throws `forbidden` when a registration asks for more than its node was enrolled for. */
export function demandWithin(
  bounds: NodeBounds,
  asked: { name: string; queues: string[]; slots: number; facts: Pick<NodeFacts, 'labels'> },
): void {
  const { name, queues, labels, slots } = bounds;
  if (asked.name !== name)
    throw forbidden(`This key is of the node ${name}, not of ${asked.name}: set DROVER_NODE_NAME=${name}.`, { name });
  const foreign = asked.queues.filter((queue) => !queues.includes(queue));
  if (foreign.length > 0)
    throw forbidden(
      `The node ${name} may serve ${quoted(queues)} only, and DROVER_QUEUES names ${quoted(foreign.slice(0, 10))}: take that out, or enrol the node again with \`drover nodes invite --queues\`.`,
      { queues: foreign.slice(0, 10) },
    );
  const others = Object.entries(asked.facts.labels ?? {}).filter(
    ([key, value]) => !Object.hasOwn(labels, key) || labels[key] !== value,
  );
  if (others.length > 0)
    throw forbidden(
      `The node ${name} may not bear the label ${quoted(others.slice(0, 10).map(([key, value]) => `${key}=${String(value)}`))}: take it out of DROVER_LABELS, or enrol the node again with \`drover nodes invite --label\`.`,
      { labels: Object.fromEntries(others.slice(0, 10)) },
    );
  if (slots !== null && asked.slots > slots)
    throw forbidden(`The node ${name} may have ${slots} slots, not ${asked.slots}: set DROVER_SLOTS=${slots}.`, {
      slots,
    });
}

/** A heartbeat of an enrolled node without what goes beyond its bounds. */
export function heldWithin<B extends { queues?: string[]; facts?: NodeFacts; slots_free: number }>(
  { queues, labels, slots }: NodeBounds,
  beat: B,
): B {
  return {
    ...beat,
    slots_free: slots === null ? beat.slots_free : Math.min(slots, beat.slots_free),
    ...(beat.queues === undefined ? {} : { queues: beat.queues.filter((queue) => queues.includes(queue)) }),
    ...(beat.facts === undefined ? {} : { facts: { ...beat.facts, labels } }),
  };
}
