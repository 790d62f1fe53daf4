import { constants } from 'node:os';
import { EXIT } from '../exit.js';
import { ask, canAsk } from '../terminal/prompt.js';
import { terminal } from '../terminal/terminal.js';
import { unwrap, type Session } from './session.js';

/** The meaning of the answer to the question; null: it is unclear, and nothing may be done on a guess. */
function wishOf(answer: string): 'detach' | 'cancel' | 'go on' | null {
  switch (answer.trim().toLowerCase()) {
    case 'd':
    case 'detach':
      return 'detach';
    case 'c':
    case 'cancel':
      return 'cancel';
    case 'g':
    case 'go on':
    case 'continue':
      return 'go on';
    default:
      return null;
  }
}

const QUESTION = '\n[d]etach and let it run, [c]ancel it, or [g]o on? ';
const UNCLEAR = 'Type detach, cancel or go on (or d, c, g). ';

/** Handles Ctrl-C; returns what takes the handler away. */
export function onInterrupt(
  session: Session,
  { jobId, ownsJob }: { jobId: string; ownsJob: boolean },
  detach: () => void,
): () => void {
  let times = 0;
  let question: AbortController | null = null;

  const cancel = async (): Promise<void> => {
    await terminal.err('Cancelling…\n');
    try {
      unwrap(
        await session.api.POST('/api/v1/jobs/{id}/cancel', {
          params: { path: { id: jobId } },
          body: { reason: 'interrupted' },
        }),
      );
    } catch (error) {
      times = 0;
      await terminal.say(`the job was not cancelled: ${(error as Error).message} Press Ctrl-C to try again.`);
    }
  };

  const askWhat = async (): Promise<void> => {
    const open = new AbortController();
    question = open;
    terminal.clearStatus();
    for (let text = QUESTION; !open.signal.aborted; text = UNCLEAR) {
      const answer = await ask(text, { signal: open.signal, onInterrupt: handler });
      if (open.signal.aborted) return;
      // Ctrl-D answers nothing: go on.
      const wish = answer === null ? 'go on' : wishOf(answer);
      if (wish === null) continue;
      question = null;
      if (wish === 'detach') detach();
      else if (wish === 'cancel') await cancel();
      else times = 0;
      return;
    }
  };

  const handler = (): void => {
    times += 1;
    if (!ownsJob) return detach();
    if (times >= 3) process.exit(EXIT.interrupted);
    question?.abort();
    if (times === 2 || !canAsk()) void cancel();
    else void askWhat();
  };
  const terminated = (): void => {
    times += 1;
    if (!ownsJob) return detach();
    if (times >= 3) process.exit(128 + constants.signals.SIGTERM);
    void cancel();
  };
  const close = (): void => question?.abort();
  process.on('SIGINT', handler);
  process.on('SIGTERM', terminated);
  return () => {
    close();
    process.off('SIGINT', handler);
    process.off('SIGTERM', terminated);
  };
}
