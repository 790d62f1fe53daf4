import type { Permissions, TokenProof, TokensService } from '@drover/access';
import { isDroverError } from '@drover/domain';
import type { Logger } from '@drover/telemetry';

/** How often open connections are looked at without a doorbell: one may be lost, and the command line rings none. */
const LOOK_MS = 5_000;

/** A connection that goes on after its request was let in: a stream of events or logs, a websocket. */
interface Open {
  proof: TokenProof;
  permissions: Permissions;
  /** Ends it, if it is such a connection; who is still entitled comes back. */
  cut: () => void;
}

/** Ends connections whose client was revoked, got a new key, or may do other things than when they were opened. */
export class LiveLogins {
  private readonly open = new Map<string, Set<Open>>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly tokens: TokensService,
    private readonly log: Logger,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.lookAtAll(), LOOK_MS);
    this.timer.unref();
  }

  close(): void {
    clearInterval(this.timer);
  }

  /** Watches a connection until the function that this returns is called. */
  watch(proof: TokenProof, permissions: Permissions, cut: () => void): () => void {
    const id = permissions.client_id;
    const entry: Open = { proof, permissions, cut };
    const known = this.open.get(id) ?? new Set();
    this.open.set(id, known.add(entry));
    return () => {
      known.delete(entry);
      if (known.size === 0 && this.open.get(id) === known) this.open.delete(id);
    };
  }

  /** Something about this client was changed. */
  async look(clientId: string): Promise<void> {
    await Promise.all([...(this.open.get(clientId) ?? [])].map((one) => this.judge(one)));
  }

  private async lookAtAll(): Promise<void> {
    await Promise.all([...this.open.keys()].map((id) => this.look(id)));
  }

  private async judge({ proof, permissions, cut }: Open): Promise<void> {
    try {
      const now = await this.tokens.present(proof);
      if (JSON.stringify(now) !== JSON.stringify(permissions)) cut();
    } catch (error) {
      if (isDroverError(error, 'unauthenticated')) cut();
      else this.log.warn({ error: String(error) }, 'open connections could not be checked; they are looked at again');
    }
  }
}
