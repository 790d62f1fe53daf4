import type { Control, HeartbeatRequest } from '@drover/protocol';
import type { Logger } from '@drover/telemetry';
import type { Session } from './session.js';

/** Tells the API every other second that the node lives, and hears what it is to do. */
export class Heartbeat {
  private timer: NodeJS.Timeout | undefined;
  private beating: Promise<void> | undefined;

  constructor(
    private readonly session: Session,
    private readonly state: () => HeartbeatRequest,
    private readonly onAnswer: (control: Control, told: HeartbeatRequest, tickets: string | undefined) => void,
    private readonly logger: Logger,
  ) {}

  start(everyS: number): void {
    clearInterval(this.timer);
    this.timer = setInterval(() => void this.beat(), everyS * 1000);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Something changed: a beat that says it. The one under way may have been written before. Never rejects. */
  async tell(): Promise<void> {
    await this.beating;
    await this.beat();
  }

  /** Sends a beat now, or waits for the one under way. Never rejects. */
  beat(): Promise<void> {
    this.beating ??= this.session
      .call(async (client) => {
        const told = this.state();
        return { told, answer: await client.heartbeat(told) };
      })
      .then(({ answer, told }) => this.onAnswer(answer.control, told, answer.tickets))
      .catch((error: unknown) => this.logger.debug({ err: error }, 'heartbeat without an answer'))
      .finally(() => {
        this.beating = undefined;
      });
    return this.beating;
  }
}
