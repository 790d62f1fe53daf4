/** A refusal in this API's words: bare text for faults of a body, JSON with the operation's name else. */
export class FastlaneProblem extends Error {
  constructor(
    readonly status: number,
    readonly text: string,
    /** Null: the text alone is the body. */
    readonly operation: string | null,
  ) {
    super(text);
  }
}

export const bare = (text: string): FastlaneProblem => new FastlaneProblem(400, text, null);

export const NO_JSON = 'Failed to enqueue task because JSON body could not be parsed.';
export const NO_IMAGE = 'image and command must be filled in the request.';
export const ONE_TIME = "Only ONE of 'startAt', 'startIn' and 'cron' should be in the request.";
