import type { OwnerStanding } from '@drover/access';
import { isDroverError } from '@drover/domain';
import type { ControlService } from '@drover/jobs';
import type { Logger } from '@drover/telemetry';

/**
 * Cancels what clients leave behind when they are revoked. The command line revokes without a doorbell, so this looks
 * again and again.
 */
export class Withdrawals {
  private running: Promise<void> | undefined;

  constructor(
    private readonly standing: OwnerStanding,
    private readonly control: ControlService,
    private readonly log: Logger,
  ) {}

  /** One look at a time. */
  look(): Promise<void> {
    this.running ??= this.withdraw().finally(() => (this.running = undefined));
    return this.running;
  }

  private async withdraw(): Promise<void> {
    for (const { job_id, owner } of await this.standing.orphans()) {
      await this.control.withdraw(job_id, `Its owner ${owner} was revoked.`).catch((error: unknown) => {
        // It has ended meanwhile.
        if (isDroverError(error, 'terminal') || isDroverError(error, 'not_found')) return;
        this.log.warn({ error: String(error), job_id }, 'a job of a revoked client is cancelled at the next look');
      });
    }
  }
}
