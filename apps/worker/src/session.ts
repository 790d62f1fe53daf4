import type { RegisterRequest, RegisterResponse } from '@drover/protocol';
import type { Logger } from '@drover/telemetry';
import { ApiRefused, isOfContent, NodeRefused, Unsendable, type AgentClient } from './agent.client.js';
import { Backoff } from './backoff.js';
import { CannotServe } from './isolation.js';

/** Refusals of a registration that waiting does not cure. */
const FATAL = new Set([400, 401, 403, 409, 422]);

/**
 * The worker's standing with the API: registered or not, reachable or not. Everybody who talks to the API goes through
 * `call`, which waits for a registration and renews it when the API no longer knows the token.
 */
export class Session {
  private registering: Promise<void> | undefined;
  private registered = false;
  private up = false;
  /** The first word about reachability was said. */
  private told = false;
  /** When the API last answered a call, by the clock of `performance`. */
  private answeredAt = -Infinity;
  private readonly stop = new AbortController();

  constructor(
    private readonly client: AgentClient,
    private readonly request: () => Promise<RegisterRequest>,
    private readonly logger: Logger,
    private readonly hooks: {
      /** After each registration; `first` once. Awaited before any other call. */
      registered(response: RegisterResponse, first: boolean): Promise<void>;
      reachable(up: boolean): void;
      /** The API knew us and does not want us any more, and waiting does not change that. With each further try. */
      refused(error: ApiRefused): void;
    },
  ) {}

  /** Until the API knows us. @throws NodeRefused when it does not want us and waiting would not change that */
  async register(): Promise<void> {
    this.registering ??= this.tryRegister().finally(() => {
      this.registering = undefined;
    });
    return this.registering;
  }

  /**
   * Registers anew although the API knows us: something that only a registration tells has changed. Never rejects; who
   * asks next tries again.
   */
  async renew(): Promise<void> {
    this.registered = false;
    await this.register().catch((error: unknown) =>
      this.logger.warn({ err: error }, 'the registration could not be renewed'),
    );
  }

  /** Milliseconds since the API has last answered a call. */
  get silentMs(): number {
    return performance.now() - this.answeredAt;
  }

  /**
   * Calls the API once. The result of the call also says whether the API can be reached, unless a failure may be a
   * matter of what is sent (`tells` false): other calls find out about the API within two seconds.
   */
  async call<T>(send: (client: AgentClient) => Promise<T>, { tells = true } = {}): Promise<T> {
    if (!this.registered) await this.register();
    const { token } = this.client;
    try {
      const result = await send(this.client);
      this.seen(true);
      return result;
    } catch (error) {
      if (error instanceof Unsendable) throw error;
      if (!(error instanceof ApiRefused)) {
        if (tells) this.seen(false);
        throw error;
      }
      if (error.status !== 401) throw error;
      // Another call may have registered meanwhile; once more would only end that one's token.
      if (this.client.token === token) {
        this.registered = false;
        await this.register();
      }
      return send(this.client);
    }
  }

  /**
   * Calls like `call`, again and again while the API is away or does not want this node. `failed` hears of each
   * failure, and ends the tries by throwing. @throws ApiRefused for what was sent; Unsendable; the last error when the
   * worker ends; what `failed` throws
   */
  async persist<T>(send: (client: AgentClient) => Promise<T>, failed?: (error: unknown) => void): Promise<T> {
    const backoff = new Backoff();
    for (;;) {
      try {
        return await this.call(send, { tells: failed === undefined });
      } catch (error) {
        if (isOfContent(error) || error instanceof Unsendable) throw error;
        failed?.(error);
        if (!(await backoff.wait(this.stop.signal))) throw error;
      }
    }
  }

  get reachable(): boolean {
    return this.up;
  }

  close(): void {
    this.stop.abort();
  }

  private async tryRegister(): Promise<void> {
    const backoff = new Backoff();
    const first = this.client.token === undefined;
    for (;;) {
      try {
        const response = await this.client.register(await this.request());
        this.client.token = response.token;
        await this.hooks.registered(response, first);
        this.registered = true;
        this.seen(true);
        return;
      } catch (error) {
        if (error instanceof CannotServe) throw error;
        if (error instanceof ApiRefused && FATAL.has(error.status)) {
          if (!first) this.hooks.refused(error);
          throw new NodeRefused(error.status, error.message, error.body);
        }
        this.seen(false, error);
        if (!(await backoff.wait(this.stop.signal))) throw error;
      }
    }
  }

  private seen(up: boolean, error?: unknown): void {
    if (up) this.answeredAt = performance.now();
    if (this.up === up && (up || this.told)) return;
    this.up = up;
    this.told = true;
    if (up) this.logger.info('the API answers');
    else this.logger.warn({ err: error }, 'the API is away; jobs go on, their output waits in the spool');
    this.hooks.reachable(up);
  }
}
