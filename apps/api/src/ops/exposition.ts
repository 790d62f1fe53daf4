import { Inject, Injectable } from '@nestjs/common';
import type { Response } from 'express';
import type { Logger } from '@drover/telemetry';
import { LOGGER } from '../core/tokens.js';

/** Gives metric families as Prometheus text; whether it ends in `# EOF` is all the same. */
export type Contributor = () => Promise<string>;
/** Answers `/metrics?job=…` itself (true), or leaves it to the ordinary answer (false). */
export type JobExposition = (job: string, response: Response) => Promise<boolean>;

/**
 * What `/metrics` is made of. Dialects that have to show something there add it at their module's start: inject this class and call `contribute`.
 * Names of families must not be another one's.
 */
@Injectable()
export class Exposition {
  private readonly contributors: { name: string; contributor: Contributor }[] = [];
  private ofJob: JobExposition | null = null;

  constructor(@Inject(LOGGER) private readonly log: Logger) {}

  contribute(name: string, contributor: Contributor): void {
    this.contributors.push({ name, contributor });
  }

  /** The parameter `job` belongs to one dialect. */
  ownJobParameter(handler: JobExposition): void {
    this.ofJob = handler;
  }

  /** True: answered. */
  async answerJob(job: string, response: Response): Promise<boolean> {
    return this.ofJob ? this.ofJob(job, response) : false;
  }

  /** Every contribution, then `# EOF` once. One that fails is left out, and its name logged. */
  async render(): Promise<string> {
    const parts = await Promise.all(
      this.contributors.map(async ({ name, contributor }) => {
        try {
          return withoutEof(await contributor());
        } catch (error) {
          this.log.warn({ error: String(error), contributor: name }, 'a part of /metrics is missing');
          return '';
        }
      }),
    );
    return `${parts.join('')}# EOF\n`;
  }
}

function withoutEof(text: string): string {
  const body = text.replace(/^# EOF[ \t]*\r?\n?/gm, '');
  return body === '' || body.endsWith('\n') ? body : `${body}\n`;
}
