/** Exit codes of our own. A job's code is passed on as it is, so ours are where a shell and `timeout` have theirs. */
export const EXIT = {
  someRefused: 1,
  nothingFound: 1,
  damaged: 1,
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
  [
    '1',
    'cancel, retry, priority, tag, untag, pin, unpin: some of the jobs were refused; logs --grep: no line matches; doctor: something does not work; backup: it was written, but large objects were damaged before; backup --check, restore: the file is damaged; up: it ended by a failure',
  ],
  ['n', "run, wait: the job's own exit code"],
  ['122', 'run, wait: the job expired before it had started (--wait-limit, expires_at)'],
  ['123', 'there is no such job'],
  ['124', 'run, wait: the job ended by a time-out'],
  ['125', 'Drover failed: wrong arguments, a refusal, the API does not answer, the job was lost'],
  ['128+n', 'run, wait: the job ended by signal n; 130 also: interrupted by Ctrl-C, or cancelled'],
];

/** The exit codes as text, one a line. */
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

let heard: string | null = null;

/** Remembers that an API has answered: what fails on the way afterwards is laid to its answer. */
export function heardFrom(url: string): void {
  heard = url;
}

/** An error as one clear line; a stack only for what is a defect. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (heard !== null && (error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError)) {
    const [message = ''] = error.message.split('\n', 1);
    return `The answer of the API at ${heard} is not understood (${message.slice(0, 200)}); is DROVER_API_URL a Drover API of this version?`;
  }
  const defect = error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;
  return defect ? (error.stack ?? error.message) : error.message;
}
