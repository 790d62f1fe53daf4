import type { Agent } from './agent.js';

/**
 * The version of the agent protocol that this program speaks, as worker and as API. It grows by one with each change
 * that the other side has to know of. 1: release 0.1.0, which does not say it. 2: it is part of the registration.
 */
export const AGENT_PROTOCOL = 2;

/** The oldest version that the API gives work to: that of the release before. */
export const OLDEST_AGENT_PROTOCOL = 1;

/** The oldest version that a worker takes work from: that of the release before. */
export const OLDEST_API_PROTOCOL = 1;

/** The version of who does not say it. */
export const UNTOLD_PROTOCOL = 1;

/** The version of the agent protocol that a worker registered with; null: it is none of Drover's workers. */
export function protocolOf({ kind, payload }: Pick<Agent, 'kind' | 'payload'>): number | null {
  if (kind !== 'worker') return null;
  const said = payload['protocol'];
  return typeof said === 'number' ? said : UNTOLD_PROTOCOL;
}

/** Whether a worker speaks a version that is too old to give it work. It may finish and report what it runs. */
export const isTooOld = (agent: Pick<Agent, 'kind' | 'payload'>): boolean =>
  (protocolOf(agent) ?? AGENT_PROTOCOL) < OLDEST_AGENT_PROTOCOL;

/** Tells a worker's operator why it gets no work, and what to do. */
export const tooOldSentence = (name: string, protocol: number, apiVersion: string): string =>
  `Worker ${name} speaks version ${protocol} of the agent protocol, and the API (Drover ${apiVersion}) gives work from version ${OLDEST_AGENT_PROTOCOL} on: it gets no new jobs and finishes those it has. Install Drover ${apiVersion} on the node and restart its worker.`;
