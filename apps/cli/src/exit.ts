/** Exit codes of our own. A job's code is passed on as it is, so ours are where a shell and `timeout` have theirs. */
export const EXIT = {
  someRefused: 1,
  neverStarted: 122,
  notFound: 123,
  timedOut: 124,
  /** Drover itself failed, as opposed to the job. */
  failed: 125,
  interrupted: 130,
} as const;

/** The one list of them: `drover --help` prints it, and docs/command-line.md holds it (a test compares). */
export const EXIT_CODES: readonly [code: string, meaning: string][] = [
  ['0', 'everything went well; of run and wait: the job succeeded'],
  ['1', 'cancel, retry: some of the jobs were refused; doctor: something does not work; up: it ended by a failure'],
  ['n', "run, wait: the job's own exit code"],
  ['122', 'run, wait: the job expired before it had started (--wait-limit, expires_at)'],
  ['123', 'there is no such job'],
  ['124', 'run, wait: the job ended by a time-out'],
  ['125', 'Drover failed: wrong arguments, a refusal, the API does not answer, the job was lost'],
  ['128+n', 'run, wait: the job ended by signal n; 130 also: interrupted by Ctrl-C, or cancelled'],
];

/** As text, a line a code. */
export function exitCodesHelp(): string {
  return `Exit codes:\n${EXIT_CODES.map(([code, meaning]) => `  ${code.padEnd(6)} ${meaning}\n`).join('')}`;
}

/** An error with an exit code of its own. */
export class ExitError extends Error {
  constructor(
    readonly exitCode: number,
    message: string,
  ) {
    super(message);
  }
}

export const exitCodeOfError = (error: unknown): number => (error instanceof ExitError ? error.exitCode : EXIT.failed);

/** An error as one clear line; a stack only for what is a defect. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const defect = error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;
  return defect ? (error.stack ?? error.message) : error.message;
}
