import { JOB_STATES, type JobState } from '../api/types.js';
import { TONE_OF } from './state.js';

/** How many of a family are in each state, as one bar. Its name says the same in words. */
export function Segments({ counts }: { counts: Partial<Record<JobState, number>> }) {
  const parts = JOB_STATES.flatMap((state) => (counts[state] ? [{ state, count: counts[state] }] : []));
  const words = parts.map(({ state, count }) => `${count} ${state}`).join(', ');
  return (
    <span className="segments" role="img" aria-label={words} title={words}>
      {parts.map(({ state, count }) => (
        <span key={state} data-tone={TONE_OF[state]} style={{ flexGrow: count }} />
      ))}
    </span>
  );
}

/** Nodes that a bar shows apart; of more it has no room to tell them. */
const APART = 16;

/** The nodes on which a job runs at once: a part each, all in the state of the job, since they begin and end together. */
export function NodesBar({ nodes, state }: { nodes: number; state: JobState }) {
  const words = `On ${nodes} nodes at once, ${state}`;
  return (
    <span className="segments segments--nodes" role="img" aria-label={words} title={words}>
      {Array.from({ length: Math.min(nodes, APART) }, (_, at) => (
        <span key={at} data-tone={TONE_OF[state]} style={{ flexGrow: 1 }} />
      ))}
    </span>
  );
}

/** A share of a whole. `label` says it in words. */
export function Meter({ share, label }: { share: number; label: string }) {
  return (
    <span className="meter" role="img" aria-label={label} title={label}>
      <span style={{ width: `${Math.round(Math.min(1, Math.max(0, share)) * 100)}%` }} />
    </span>
  );
}
