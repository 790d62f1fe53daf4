import { Inject, Injectable } from '@nestjs/common';
import { type Config, CONFIG } from '@drover/config';
import { Refusal } from '@drover/dialects/v1-jobs';
import { type Logger, LOGGER } from '@drover/telemetry';

/** Long enough for the answer to be on its way. */
const ANSWER_MS = 200;

/** Ends the stack this API belongs to, where one command started it all. */
@Injectable()
export class ServiceStop {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** @throws Refusal when this API was started by itself: whoever runs it decides when it ends */
  stop(by: string): void {
    const pid = this.config.stackPid;
    if (pid === null) {
      const text = 'This server was not started by `npm start`; stop it where it was started.';
      throw new Refusal(400, { detail: text, error: 'conflict', message: text });
    }
    this.log.info({ by }, 'asked over HTTP to stop everything');
    setTimeout(() => {
      try {
        process.kill(pid, 'SIGTERM');
      } catch (error) {
        this.log.warn({ error: String(error) }, 'the stack could not be told to stop');
      }
    }, ANSWER_MS);
  }
}
