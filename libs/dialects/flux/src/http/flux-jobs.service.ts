import { Inject, Injectable } from '@nestjs/common';
import { settingsOf, type Config, CONFIG } from '@drover/config';
import {
  v1LoginSettings,
  hpcState,
  isHpcTerminal,
  Refusal,
  V1JobsService,
  type V1User,
} from '@drover/dialects/v1-jobs';
import { DroverError } from '@drover/domain';
import { ControlService, SubmitService } from '@drover/jobs';
import { impossible } from '@drover/placement';
import { fluxSettings } from '../config.js';
import { decimalId, FluxIds } from './flux-id.js';
import { NodeList } from './node-list.js';
import { issue, LauncherReply, readSubmission, type FluxSubmission } from './submission.js';
import { toSubmission } from './translate.js';

const LAUNCHED = { Message: 'Job submit, see jobs table for spawned jobs.', id: 'MANY' };
/** Two servers may, once in a blue moon, make the same id. */
const TRIES = 3;

/** Submits and cancels, for the routes under /v1 and the HTML pages alike. */
@Injectable()
export class FluxJobsService {
  private readonly ids = new FluxIds();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly nodes: NodeList,
    private readonly jobs: V1JobsService,
    private readonly submits: SubmitService,
    private readonly control: ControlService,
  ) {}

  /** @throws Refusal with the bodies of the contract */
  async submit(query: unknown, body: unknown, user: V1User): Promise<Record<string, unknown>> {
    const wanted = readSubmission(query, body, await this.nodes.offer());
    if (wanted instanceof LauncherReply) return { Message: `${wanted.name} is not a known launcher. `, id: 'MANY' };
    const id = await this.store(wanted, user);
    return wanted.is_launcher ? LAUNCHED : { Message: 'Job submit.', id };
  }

  private async store(wanted: FluxSubmission, user: V1User): Promise<string> {
    const owner =
      settingsOf(this.config, fluxSettings).serverMode === 'multi-user' || this.config.auth !== 'none'
        ? user.name
        : settingsOf(this.config, v1LoginSettings).user;
    for (let tried = 1; ; tried += 1) {
      const id = this.ids.next();
      try {
        const submission = toSubmission(wanted, id, owner, settingsOf(this.config, fluxSettings).queue);
        const never = impossible(await this.nodes.up(), submission);
        if (never !== null) throw issue(`unsatisfiable request: ${never}`);
        await this.submits.submit(submission);
        return id;
      } catch (error) {
        if (!(error instanceof DroverError)) throw error;
        if (error.code === 'conflict' && tried < TRIES) continue;
        if (error.code === 'invalid') throw issue(error.message);
        throw error;
      }
    }
  }

  /** @throws Refusal 400 when there is nothing to cancel */
  async cancel(uid: string): Promise<Record<string, unknown>> {
    const refuse = (reason: string): Refusal => {
      const text = `Job cannot be cancelled: ${reason}.`;
      return new Refusal(400, { Message: text, id: uid, error: 'conflict', message: text });
    };
    const job = await this.jobs.lookUp(decimalId(uid));
    if (!job) throw refuse('it does not exist');
    if (isHpcTerminal(hpcState(job.state))) throw refuse('it has already finished');
    try {
      await this.control.cancel(job.id, 'cancelled through the Flux API');
    } catch (error) {
      if (error instanceof DroverError && error.code === 'terminal') throw refuse('it has already finished');
      if (error instanceof DroverError && error.code === 'not_found') throw refuse('it does not exist');
      throw error;
    }
    return { Message: 'Job is requested to cancel.', id: uid };
  }
}
