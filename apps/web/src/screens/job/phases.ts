import type { Execution, JobDetail } from '../../api/types.js';
import type { Tone } from '../../ui/state.js';

export interface Phase {
  name: string;
  tone: Tone;
  /** Milliseconds since 1970. */
  from: number;
  to: number;
}

const at = (time: string | null): number | null => (time === null ? null : Date.parse(time));

/**
 * The parts of each execution, one after another: waiting for a node, until the process was there, until it said
 * something, its run, and until its result was known. A part that has not ended reaches to `now`; one that is not known
 * to have begun is left out.
 */
export function phasesOf(job: JobDetail, executions: readonly Execution[], now: number): Phase[][] {
  let waitedFrom = at(job.created_at);
  const rows = executions.map((execution) => {
    const marks: [name: string, tone: Tone, begins: number | null][] = [
      ['waiting', 'wait', waitedFrom],
      ['starting', 'plan', at(execution.claimed_at)],
      ['silent', 'off', at(execution.spawned_at)],
      ['running', 'run', at(execution.first_byte_at) ?? at(execution.spawned_at)],
      ['reporting', 'late', at(execution.exited_at)],
    ];
    waitedFrom = at(execution.finished_at);
    return partsOf(marks, at(execution.finished_at) ?? now);
  });
  const waits = job.state === 'queued' || job.state === 'scheduled';
  if (waits) rows.push(partsOf([['waiting', 'wait', waitedFrom]], now));
  return rows;
}

function partsOf(marks: readonly [string, Tone, number | null][], end: number): Phase[] {
  const known = marks.filter((mark): mark is [string, Tone, number] => mark[2] !== null);
  return known.flatMap(([name, tone, from], place) => {
    const to = Math.max(from, known[place + 1]?.[2] ?? end);
    return to > from ? [{ name, tone, from, to }] : [];
  });
}
