import { constants } from 'node:os';
import { terminal, type Piece } from './terminal.js';

/** Keys as a terminal in raw mode sends them: there Ctrl-C and Ctrl-Z make no signals. */
const ENDS = ['q', 'Q', '\u0003'];
const SUSPENDS = '\u001a';

/** A screen of its own, which leaves the terminal as it was. */
export interface Screen {
  /** Aborted by `q` and by Ctrl-C. */
  readonly ended: AbortSignal;
  /** Shows these lines in place of those before. */
  show(lines: Piece[][]): Promise<void>;
  close(): void;
}

/**
 * Opens a screen of its own on the terminal of stdout. It is left when it is closed, when the process ends or is told
 * to end, and as long as Ctrl-Z suspends the process.
 */
export function openScreen(): Screen {
  const end = new AbortController();
  const { stdin } = process;
  let open = false;
  let last: Piece[][] = [];

  const enter = (): void => {
    if (open) return;
    open = true;
    if (stdin.isTTY) stdin.setRawMode(true);
    terminal.enterScreen();
  };
  const leave = (): void => {
    if (!open) return;
    open = false;
    terminal.leaveScreen();
    if (stdin.isTTY) stdin.setRawMode(false);
  };
  const redraw = (): void => {
    if (open) void terminal.frame(last);
  };
  const resumed = (): void => {
    enter();
    redraw();
  };
  const interrupted = (): void => end.abort();
  const terminated = (): void => process.exit(128 + constants.signals.SIGTERM);
  const typed = (data: Buffer): void => {
    const keys = data.toString('latin1');
    if (ENDS.some((key) => keys.includes(key))) return end.abort();
    if (!keys.includes(SUSPENDS)) return;
    leave();
    // The whole group, as the terminal would: a shell waits for the first of it.
    process.kill(0, 'SIGTSTP');
  };

  process.on('exit', leave);
  process.on('SIGINT', interrupted);
  process.on('SIGTERM', terminated);
  process.on('SIGCONT', resumed);
  process.stdout.on('resize', redraw);
  enter();
  if (stdin.isTTY) stdin.on('data', typed);

  return {
    ended: end.signal,
    show: async (lines) => {
      last = lines;
      if (open) await terminal.frame(lines);
    },
    close: () => {
      leave();
      process.off('exit', leave);
      process.off('SIGINT', interrupted);
      process.off('SIGTERM', terminated);
      process.off('SIGCONT', resumed);
      process.stdout.off('resize', redraw);
      stdin.off('data', typed);
      stdin.pause();
    },
  };
}
