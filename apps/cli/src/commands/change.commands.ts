import type { Command } from 'commander';
import type { BulkRequest } from '@drover/client';
import { changeMany } from '../client/bulk.js';
import { parseFilter } from '../client/filter.js';
import { number } from '../client/job-options.js';
import { formatted, type Format } from '../client/output.js';
import { connecting, openSession, type ConnectOptions } from '../client/session.js';

/** The flags of what may be done to the jobs of a filter. */
export interface ManyOptions {
  filter?: string;
  yes?: boolean;
}

type Options = ConnectOptions & ManyOptions & { output: Format };

/** Adds the flags of what may be done to the jobs of a filter. */
export const bulk = (command: Command): Command =>
  command
    .option('-f, --filter <filter>', 'instead of ids: the jobs of a filter, e.g. "queue:builds state:queued"')
    .option('-y, --yes', 'with --filter: ask for no confirmation');

/**
 * Demands the ids alone, or the filter alone.
 *
 * @throws Error otherwise
 */
export function demandOne(ids: string[], filter: string | undefined): void {
  if (filter === undefined && ids.length === 0) throw new Error('Give ids of jobs, or --filter.');
  if (filter !== undefined && ids.length > 0) throw new Error('Give either ids of jobs or --filter.');
}

/** One task of the server for all that is given. Jobs that somebody names by their ids are changed without a question. */
function change(ids: string[], options: Options, what: Omit<BulkRequest, 'ids' | 'filter'>): Promise<void> {
  const { filter, output } = options;
  demandOne(ids, filter);
  const request = filter === undefined ? { ...what, ids } : { ...what, filter: parseFilter(filter) };
  return changeMany(openSession(options), request, { yes: filter === undefined || options.yes === true, output });
}

/** Adds `drover priority`. */
export function addPriority(program: Command): void {
  const command = program
    .command('priority')
    .description('change the priority of jobs that wait; a higher one runs first')
    .argument('<priority>', 'a whole number', number)
    .argument('[ids...]');
  formatted(connecting(bulk(command))).action((priority: number, ids: string[], options: Options) =>
    change(ids, options, { action: 'priority', priority }),
  );
}

/** Adds `drover tag` and `drover untag`. */
export function addTag(program: Command): void {
  const ways = [
    ['tag', 'give jobs a tag'],
    ['untag', 'take a tag away from jobs'],
  ] as const;
  for (const [action, text] of ways) {
    const command = program.command(action).description(text).argument('<tag>').argument('[ids...]');
    formatted(connecting(bulk(command))).action((tag: string, ids: string[], options: Options) =>
      change(ids, options, { action, tags: [tag] }),
    );
  }
}
