import type { Session } from './session.js';

/** The Date header has whole seconds: a smaller difference of the clocks is none. */
const UNKNOWN_MS = 2_000;

/** Until when a job that is submitted now must have started, by the clock of the broker, which will judge it. */
export async function expiryOf(session: Session, limitS: number | undefined): Promise<{ expires_at?: string }> {
  if (limitS === undefined) return {};
  const answer = await session.send(new Request(`${session.url}/livez`));
  await answer.body?.cancel();
  const skew = Date.parse(answer.headers.get('date') ?? '') - Date.now();
  const now = Date.now() + (Math.abs(skew) > UNKNOWN_MS ? skew : 0);
  return { expires_at: new Date(now + limitS * 1_000).toISOString() };
}
