/** Exit code when Drover itself failed, as opposed to the job. */
export const BROKER_FAILED = 125;

/** An error as one clear line; a stack only for what is a defect. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const defect = error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;
  return defect ? (error.stack ?? error.message) : error.message;
}
