import type { IncomingMessage } from 'node:http';
import type { BodyRule } from '../bodies/body-rules.js';

/** The parts of Express's request that guards, body readers and the log ask for, on Node's own. */
export interface EarlyRequest extends IncomingMessage {
  path: string;
  route: { path: string };
  /** The rule for its body; the router's requests are looked up by their path. */
  bodyRule: BodyRule;
  body?: unknown;
}
