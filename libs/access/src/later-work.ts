import { DroverError } from '@drover/domain';
import { clientStore, type Store } from '@drover/store';
import { toClient } from './clients.service.js';
import { currentArrival, serveRequest } from './context.js';
import { ANONYMOUS, type Permissions } from './principal.js';
import { can } from './roles.js';

/** The rights of a request, as the record keeps them until work for it is done. */
interface Asker {
  permissions: Permissions | null;
  open: boolean;
  address: string | null;
}

/**
 * Rights of a request for work that is done after it, perhaps by another process. A client of the record has the rights
 * it has when the work is done, not those of the request.
 */
export class LaterWork {
  constructor(
    private readonly store: Store,
    /** Names of logins that are not clients of the record, although one may be called the same. */
    private readonly otherLogins: ReadonlySet<string> = new Set(),
  ) {}

  /** The rights of the request at hand. Empty outside of requests. */
  now(): Record<string, unknown> {
    const arrival = currentArrival();
    if (!arrival) return {};
    const { principal, open, address } = arrival;
    return { permissions: principal.permissions, open, address } satisfies Asker as unknown as Record<string, unknown>;
  }

  /** Does work with rights that {@link now} gave. Throws `forbidden` when its client may submit no longer. */
  async as<T>(asker: Record<string, unknown>, work: () => Promise<T>): Promise<T> {
    if (!('permissions' in asker)) return work();
    const { permissions, open, address } = asker as unknown as Asker;
    const present = open || permissions === null ? permissions : await this.present(permissions);
    return serveRequest({ principal: present ? { permissions: present } : ANONYMOUS, open, address }, work);
  }

  private async present(then: Permissions): Promise<Permissions> {
    const name = then.client_id;
    const row = this.otherLogins.has(name) ? null : await clientStore.get(this.store.sql, name);
    // A token that was made elsewhere names no client here: it has the rights it came with.
    if (!row) return then;
    const client = toClient(row);
    if (client.revoked_at !== null) throw new DroverError('forbidden', `${name}, who asked for it, was revoked.`);
    if (!can(client.role, 'submit'))
      throw new DroverError(
        'forbidden',
        `${name}, who asked for it, has the role ${client.role} now, which changes no jobs.`,
      );
    return client;
  }
}
