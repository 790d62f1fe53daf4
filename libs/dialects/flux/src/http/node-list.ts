import { Inject, Injectable } from '@nestjs/common';
import { settingsOf, type Config, CONFIG } from '@drover/config';
import type { Agent } from '@drover/domain';
import { QueryService } from '@drover/jobs';
import { fluxSettings } from '../config.js';
import type { Offer } from './submission.js';

/** How long an answer is good for: submits ask each time. */
const FRESH_MS = 1_000;

/** The workers, as Flux's nodes. */
@Injectable()
export class NodeList {
  private known: { at: number; workers: Promise<Agent[]> } | null = null;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly query: QueryService,
  ) {}

  /** Workers that are up, whatever they serve. */
  async up(): Promise<Agent[]> {
    const now = Date.now();
    if (!this.known || now - this.known.at > FRESH_MS) {
      const workers = this.query
        .agents({ kind: 'worker' })
        .then((agents) => agents.filter((agent) => agent.state === 'online'));
      this.known = { at: now, workers };
      workers.catch(() => {
        this.known = null;
      });
    }
    return this.known.workers;
  }

  /** The nodes and resources that a submit may ask for. */
  async offer(): Promise<Offer> {
    const { numberNodes, hasGpus, optionFlags, queue } = settingsOf(this.config, fluxSettings);
    const workers = (await this.up()).filter((agent) => agent.queues.includes(queue));
    return {
      nodes: Math.max(numberNodes, workers.length),
      gpus: hasGpus || workers.some((agent) => (agent.facts?.gpus.length ?? 0) > 0),
      optionFlags,
    };
  }
}
