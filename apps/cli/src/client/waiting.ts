import type { components } from '@drover/client';
import { terminal } from '../terminal/terminal.js';
import { unwrap, type Session } from './session.js';

const LOOK_MS = 1_000;
const LONGEST_LOOK_MS = 10_000;
/** Milliseconds after which a wait is told to a pipe; on a terminal the status line says it at once. */
const PATIENCE_MS = 5_000;

/** The states of a job that is on its way. */
const GOING = new Set(['starting', 'running', 'cancelling', 'observed', 'succeeded']);
/** Others are before it: it starts without anybody doing something. */
const IN_LINE = new Set(['slots_busy', 'others_first', 'waits_for_pull']);
/** True of a stack that starts, for a moment. */
const PERHAPS_STARTING = new Set(['no_agent_yet', 'agents_offline']);

type Reason = components['schemas']['ReasonDto'];

export interface WaitingOptions {
  jobId: string;
  /** The job is ours: how to end it is worth saying. */
  ownsJob: boolean;
}

/** Says on stderr why a job does not start, with the remedy, as soon as the API knows; again when the reason changes. */
export function tellWhyItWaits(session: Session, { jobId, ownsJob }: WaitingOptions): { stop(): void } {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let told = '';
  let looks = 0;
  const began = Date.now();

  const look = async (): Promise<void> => {
    const { state, summary, reasons } = unwrap(
      await session.api.GET('/api/v1/jobs/{id}/explain', { params: { path: { id: jobId } } }),
    );
    if (stopped) return;
    const [first] = reasons;
    if (
      first &&
      (state === 'queued' || state === 'scheduled') &&
      first.code !== told &&
      isWorthTelling(first, looks, Date.now() - began)
    ) {
      told = first.code;
      await terminal.say(`job ${jobId} waits: ${first.message}${first.remedy ? ` ${first.remedy}` : ''}`);
      if (ownsJob && !IN_LINE.has(first.code))
        await terminal.err(
          `It waits until that changes; \`drover cancel ${jobId}\` ends it, and --wait-limit <seconds> does so by itself.\n`,
        );
    }
    if (!stopped && looks > 0) terminal.status(`${summary} (${Math.round((Date.now() - began) / 1_000)} s)`);
  };
  const again = (): void => {
    if (stopped) return;
    looks += 1;
    const pause = terminal.isTerminal('stderr') ? LOOK_MS : Math.min(LONGEST_LOOK_MS, LOOK_MS * looks);
    timer = setTimeout(
      () =>
        void look()
          .catch(() => undefined)
          .then(again),
      pause,
    );
    timer.unref();
  };
  // A look that failed is followed by the next: the following itself says when the API is away.
  void look()
    .catch(() => undefined)
    .then(again);
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

function isWorthTelling({ code }: Reason, looks: number, afterMs: number): boolean {
  if (GOING.has(code)) return false;
  if (IN_LINE.has(code)) return !terminal.isTerminal('stderr') && afterMs >= PATIENCE_MS;
  return !PERHAPS_STARTING.has(code) || looks > 0;
}
