import { DEFAULT_PROJECT, DroverError, LongWork, type Submission } from '@drover/domain';
import { currentPrincipal } from './context.js';
import type { OwnerStanding } from './owner-standing.js';
import { may, maxPriority } from './principal.js';
import type { QueueReservationsService } from './queue-reservations.service.js';
import type { RestrictedQueuesService } from './restricted-queues.service.js';

/** Queues and priorities that a client may use, whichever API it submits through. */
export class SubmitAdmission {
  constructor(
    private readonly reservations: QueueReservationsService,
    private readonly restricted: RestrictedQueuesService,
    private readonly standing: OwnerStanding,
    /** Dialects that have said in their own words, before they submit, what a client may do. */
    private readonly admitting: ReadonlySet<string> = new Set(),
  ) {}

  /**
   * Holds each submission to the rights of the client that asks. What schedulers submit is asked of its owner as that
   * client stands now. Throws `forbidden`.
   */
  async admit(submissions: readonly Submission[]): Promise<void> {
    const present = currentPrincipal();
    const pieces = new LongWork();
    for (const submission of submissions) {
      const { queue, priority = 0, dialect, project = DEFAULT_PROJECT } = submission;
      if (pieces.isDue()) await pieces.turn();
      await this.reservations.demand(queue, project);
      const owner = present === null ? await this.standing.demand(submission) : null;
      const principal = present ?? (owner && { permissions: owner });
      // Owners that are no clients here have shown their rights with the parent.
      if (principal === null || (present !== null && this.admitting.has(dialect))) continue;
      const { permissions } = principal;
      if (!permissions?.allowed_queues.includes(queue) && (await this.restricted.isRestricted(queue))) {
        throw new DroverError('forbidden', `Queue ${queue} is restricted; an operator can let this client in.`, {
          queue,
        });
      }
      if (permissions && priority > 0 && !may(principal, 'operate') && priority > maxPriority(permissions, queue)) {
        throw new DroverError(
          'forbidden',
          `This client may give jobs of queue ${queue} a priority of at most ${maxPriority(permissions, queue)}.`,
          { queue, priority },
        );
      }
    }
  }
}
