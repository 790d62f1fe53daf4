import { DEFAULT_PROJECT, DroverError, type Submission } from '@drover/domain';
import { clientStore, type Store } from '@drover/store';
import { toClient, type Client } from './clients.service.js';
import { can, isAcross } from './roles.js';

/** Jobs that are withdrawn in one go. */
const BATCH = 500;

export interface Orphan {
  job_id: string;
  owner: string;
}

/**
 * Tells what the owner of a job may do now, where no request carries a login: schedules go on for as long as their
 * owner may submit. Owners that were never clients here (logins of the dialects, tokens made elsewhere, nobody) have no
 * standing that could end.
 */
export class OwnerStanding {
  constructor(
    private readonly store: Store,
    /** Names of logins that are not clients of the record, although one may be called the same. */
    private readonly otherLogins: ReadonlySet<string> = new Set(),
  ) {}

  /**
   * The client whose rights count for what is submitted in its name; null: there is none. Throws `forbidden` when it
   * may no longer submit this.
   */
  async demand({ owner, project = DEFAULT_PROJECT }: Pick<Submission, 'owner' | 'project'>): Promise<Client | null> {
    const row = this.otherLogins.has(owner) ? null : await clientStore.get(this.store.sql, owner);
    if (!row) return null;
    const client = toClient(row);
    if (client.revoked_at !== null) throw new DroverError('forbidden', `Its owner ${owner} was revoked.`, { owner });
    if (!can(client.role, 'submit'))
      throw new DroverError('forbidden', `Its owner ${owner} has the role ${client.role} now, which submits no jobs.`, {
        owner,
      });
    if (client.project !== project && !isAcross(client.role)) {
      throw new DroverError('forbidden', `Its owner ${owner} is no longer a member of the project ${project}.`, {
        owner,
        project,
      });
    }
    return client;
  }

  /**
   * Jobs of revoked clients that are to be cancelled: those that wait; where the client was revoked with `end_jobs`,
   * those that run as well.
   */
  async orphans(): Promise<Orphan[]> {
    return clientStore.orphans(this.store.sql, [...this.otherLogins], BATCH);
  }
}
