/** The API is well when it has answered anything else within this time: two beats and a half. Milliseconds. */
const WELL_MS = 5_000;
/** Failures of one file at least before it is given up. */
const LEAST_TRIES = 4;

/** An artifact that is not tried any more. */
export class GivenUp extends Error {
  override readonly name = 'GivenUp';
}

/**
 * How long the files of one execution are tried again. An API that is away is waited for without end, for it cannot be
 * told of the end of the job either. One that answers everything else and fails at a file again and again is not: the
 * job would never end. When the time of one file is over, the next ones get a few tries each.
 */
export class UploadPatience {
  private since: number | undefined;
  private tries = 0;
  private spent = false;

  constructor(
    private readonly limitS: number,
    /** Milliseconds since the API has last answered anything. */
    private readonly silentMs: () => number,
    /** Milliseconds of a clock that never goes back. */
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** The tries of the next file begin. */
  begin(): void {
    this.since = undefined;
    this.tries = 0;
  }

  /** A try has failed. @throws GivenUp when there are to be no more */
  failed(error: unknown): void {
    if (this.silentMs() > WELL_MS) return this.begin();
    const now = this.now();
    this.since ??= now;
    this.tries += 1;
    if (this.tries < LEAST_TRIES || (now - this.since < this.limitS * 1000 && !this.spent)) return;
    this.spent = true;
    throw new GivenUp(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
