import { Inject, Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { type Config, CONFIG } from '@drover/config';
import { DroverError } from '@drover/domain';
import { withLikedNames } from '@drover/exposition';
import { type Logger, LOGGER } from '@drover/telemetry';

/** Gives metric families as Prometheus text; whether it ends in `# EOF` is all the same. */
export type Contributor = () => Promise<string>;
/**
 * The same in two steps: reads what it needs beside the others, then is told which families stand there already, for
 * its own may have any name.
 */
export type LastContributor = () => Promise<(taken: ReadonlySet<string>) => string>;
/** The counters of one entry as Prometheus text with its `# EOF`; null: there is no entry of this id. */
export type JobExposition = (job: string) => Promise<string | null>;
/** Answers `/metrics?job=…` with an id that no entry has. */
export type UnknownJob = (job: string, response: Response) => void;

/**
 * Collects the parts of `/metrics`. Dialects that have to show something there add it at their module's start: inject
 * this class and call `contribute`. Names of families must not be another one's.
 */
@Injectable()
export class Exposition {
  private readonly contributors: { name: string; contributor: Contributor }[] = [];
  private last: { name: string; contributor: LastContributor } | null = null;
  private ofJob: JobExposition = async () => null;
  private unknownJob: UnknownJob = (job) => {
    throw new DroverError(
      'not_found',
      `No job or node "${job}" has counters; GET /metrics without the parameter shows the sum of all.`,
    );
  };

  constructor(
    @Inject(LOGGER) private readonly log: Logger,
    @Inject(CONFIG) private readonly config: Pick<Config, 'metricNames'>,
  ) {}

  contribute(name: string, contributor: Contributor): void {
    this.contributors.push({ name, contributor });
  }

  /** One contributor whose families' names are not ours to choose: what clients pushed. */
  contributeLast(name: string, contributor: LastContributor): void {
    this.last = { name, contributor };
  }

  /** Says where the counters of one entry come from. */
  ofJobs(read: JobExposition): void {
    this.ofJob = read;
  }

  /** Says in which words an unknown id is refused. */
  answerUnknownJob(answer: UnknownJob): void {
    this.unknownJob = answer;
  }

  /** The counters of one entry. Null: the answer, a refusal, is sent. */
  async renderJob(job: string, response: Response): Promise<string | null> {
    const text = await this.ofJob(job);
    if (text === null) this.unknownJob(job, response);
    return text && this.named(text);
  }

  /** Every contribution, then `# EOF` once. One that fails is left out, and its name logged. */
  async render(): Promise<string> {
    const { last } = this;
    const read = last?.contributor();
    // Whoever waits for it sees it fail.
    read?.catch(() => undefined);
    const first = (
      await Promise.all(this.contributors.map(({ name, contributor }) => this.part(name, contributor)))
    ).join('');
    return this.named(
      `${first}${last && read ? await this.part(last.name, async () => (await read)(familiesOf(first))) : ''}# EOF\n`,
    );
  }

  /** An exposition with the names that are asked for: every text that this process shows to a scraper goes through here. */
  private named(text: string): string {
    return this.config.metricNames === 'prometheus' ? withLikedNames(text) : text;
  }

  private async part(name: string, contributor: Contributor): Promise<string> {
    try {
      return withoutEof(await contributor());
    } catch (error) {
      this.log.warn({ error: String(error), contributor: name }, 'a part of /metrics is missing');
      return '';
    }
  }
}

/** Names that no other family may have: readers take `x_count` for a part of the histogram `x`. */
function familiesOf(text: string): Set<string> {
  const names = new Set<string>();
  for (const [, name = '', type = ''] of text.matchAll(/^# TYPE (\S+) (\S+)/gm)) {
    names.add(name);
    if (type === 'histogram' || type === 'summary')
      for (const part of ['bucket', 'sum', 'count']) names.add(`${name}_${part}`);
  }
  return names;
}

function withoutEof(text: string): string {
  const body = text.replace(/^# EOF[ \t]*\r?\n?/gm, '');
  return body === '' || body.endsWith('\n') ? body : `${body}\n`;
}
