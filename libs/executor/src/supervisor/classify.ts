import { constants } from 'node:os';
import type { Cause } from '@drover/domain';

/** How one task ended: exactly one of the two is set. */
export interface TaskEnd {
  code: number | null;
  signal: string | null;
}

/** Why we ended the execution ourselves. */
export interface Ending {
  cause: Cause;
  detail: string;
}

export interface Verdict {
  ok: boolean;
  cause: Cause | null;
  cause_detail: string | null;
  exit_code: number | null;
  signal: string | null;
}

/** The exit code a shell would show: 128 + n for a signal. */
function rank(end: TaskEnd): number {
  return end.code ?? 128 + (constants.signals[end.signal as NodeJS.Signals] ?? 127);
}

/**
 * The end of an execution out of the ends of its tasks: the highest exit code wins. What we ended ourselves has our
 * cause, whatever code its processes chose to leave with.
 */
export function classify(ends: readonly TaskEnd[], ending: Ending | undefined): Verdict {
  const worst = ends.reduce<TaskEnd>((a, b) => (rank(b) > rank(a) ? b : a), ends[0] ?? { code: null, signal: null });
  const { code: exit_code, signal } = worst;
  if (ending !== undefined) return { ok: false, cause: ending.cause, cause_detail: ending.detail, exit_code, signal };
  if (signal !== null)
    return { ok: false, cause: 'signal', cause_detail: `The command was ended by ${signal}.`, exit_code, signal };
  if (exit_code === 0) return { ok: true, cause: null, cause_detail: null, exit_code, signal };
  return { ok: false, cause: 'exit_code', cause_detail: codeSentence(exit_code), exit_code, signal };
}

function codeSentence(code: number | null): string {
  if (code === 127) return 'The command ended with exit code 127: a shell did not find a command it was to run.';
  if (code === 126) return 'The command ended with exit code 126: a shell found a command that may not be executed.';
  return `The command ended with exit code ${code}.`;
}
