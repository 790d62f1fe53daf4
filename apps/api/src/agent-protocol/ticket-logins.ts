import { createHash } from 'node:crypto';
import { Keyring } from '@drover/access';
import { parseRedisUrl } from '@drover/config';
import { DroverError, isTicketless } from '@drover/domain';
import type { RegisterResponse } from '@drover/protocol';
import type { QueueOptions } from '@drover/queue';
import { ensureTicketRole, type Store, type StoredAgent } from '@drover/store';
import type { Logger } from '@drover/telemetry';

/** The prefixes that libs/queue uses by default. */
const DEFAULT_PREFIX = { redis: 'drover', postgres: 'bullmq' } as const;
const NO_TICKET_LOGIN =
  'the login of DROVER_DATABASE_URL may not make one. Name one in DROVER_TICKETS_URL and run `drover migrate`, or set DROVER_REDIS_URL.';

/** Makes the logins that a registered worker needs to pull tickets. */
export class TicketLogins {
  /** The address with the login that was made here. Null: none was, or none is needed. */
  private made: string | null = null;

  constructor(
    private readonly options: QueueOptions,
    /** The address with a login that an operator names, if any. */
    private readonly named: string | null,
    private readonly keys: Keyring,
    private readonly store: Store,
    private readonly log: Logger,
  ) {}

  /**
   * Where tickets are. On Postgres with a login that sees the ticket store's schema only, never the record's. A node
   * that was enrolled without such a login gets none.
   *
   * @throws DroverError where there is no such login
   */
  access(agent: StoredAgent): RegisterResponse['tickets'] {
    return isTicketless(agent) ? { backend: 'api', prefix: '' } : this.login();
  }

  /** The place of the ticket store, without a login, for a node that is to reach it. */
  place(): { backend: 'redis' | 'postgres'; addresses: string[] } {
    const { backend, url = '' } = this.login();
    if (backend === 'redis')
      return { backend, addresses: parseRedisUrl(url).nodes.map(({ host, port }) => `${host}:${port}`) };
    const { hostname, port } = new URL(url);
    return { backend: 'postgres', addresses: [`${hostname}:${port || '5432'}`] };
  }

  private login(): RegisterResponse['tickets'] {
    const { backend, url } = this.options;
    if (backend === 'redis') return { backend, url, prefix: this.options.prefix ?? DEFAULT_PREFIX.redis };
    const access = this.named ?? this.made;
    if (access === null)
      throw new DroverError('unavailable', `There is no login for the tickets of workers: ${NO_TICKET_LOGIN}`);
    return { backend, url: access, prefix: this.options.prefix ?? DEFAULT_PREFIX.postgres };
  }

  /**
   * A text that changes when the tickets have moved or their login has changed. It says nothing of the address.
   * Undefined: workers cannot get tickets now.
   */
  fingerprint(agent: StoredAgent): string | undefined {
    if (isTicketless(agent)) return 'api';
    if (this.options.backend === 'postgres' && (this.named ?? this.made) === null) return undefined;
    const { backend, url, prefix } = this.login();
    return createHash('sha256')
      .update(`${backend} ${url ?? ''} ${prefix}`)
      .digest('base64url')
      .slice(0, 22);
  }

  /** Makes a login for each key of the installation, so that workers that came with an earlier key go on until its end. */
  async make(): Promise<void> {
    const { backend, url, prefix = DEFAULT_PREFIX.postgres } = this.options;
    if (backend !== 'postgres' || this.named !== null) return;
    const [present, ...others] = this.keys
      .accepted('ticket-role')
      .map(({ id, key }) => ({ suffix: id === Keyring.FIRST_ID ? '' : id, password: key.toString('hex') }));
    if (present === undefined) return;
    const role = await ensureTicketRole((work) => this.store.tx(work), prefix, [present, ...others]);
    if (role === null) {
      this.log.warn({}, `workers cannot get tickets: ${NO_TICKET_LOGIN}`);
      return;
    }
    const access = new URL(url);
    access.username = role;
    access.password = present.password;
    this.made = access.href;
  }
}
