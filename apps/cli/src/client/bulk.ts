import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BulkAction, BulkRequest } from '@drover/client';
import { safeLine } from '@drover/domain';
import { EXIT, ExitError } from '../exit.js';
import { ask, canAsk } from '../terminal/prompt.js';
import { terminal } from '../terminal/terminal.js';
import { writeOne, type Format } from './output.js';
import { unwrap, type Session } from './session.js';

/** How often the progress is asked for. */
const LOOK_MS = 500;

/**
 * Changes the jobs of a filter: shows how many there are and the first of them, asks unless `yes` is given, and waits
 * for the end of what the server does. Ctrl-C ends the waiting, not the change.
 */
export async function changeMany(
  { api }: Session,
  request: BulkRequest,
  { yes, output }: { yes: boolean; output: Format },
): Promise<void> {
  const preview = unwrap(await api.POST('/api/v1/jobs/actions/preview', { body: request }));
  const many = `${preview.exact ? '' : 'at least '}${preview.count} job${preview.count === 1 ? '' : 's'}`;
  if (preview.count === 0) return terminal.say(`There are no such jobs to change by ${request.action}.`);
  if (!yes) {
    await terminal.say(`${many} would be changed by ${request.action}, such as:`);
    for (const { id, state, queue, name } of preview.examples)
      await terminal.err(`${safeLine(`  ${id}  ${state}  ${queue}  ${name ?? ''}`)}\n`);
    if (!canAsk())
      throw new ExitError(EXIT.failed, 'Nothing was changed. Give --yes to change them where nobody can be asked.');
    const answer = await ask(`Change ${many}? [y/N] `);
    if (!/^y(es)?$/i.test(answer?.trim() ?? '')) throw new ExitError(EXIT.failed, 'Nothing was changed.');
  }
  const headers = { 'Idempotency-Key': randomUUID() };
  let action = unwrap(await api.POST('/api/v1/jobs/actions', { body: request, params: { header: headers } }));
  while (action.state === 'running') {
    terminal.status(`${action.done + action.skipped} of ${preview.exact ? '' : 'at least '}${action.matched} …`);
    await sleep(LOOK_MS);
    action = unwrap(await api.GET('/api/v1/jobs/actions/{id}', { params: { path: { id: action.id } } }));
  }
  terminal.clearStatus();
  if (output === 'table') await summary(action);
  else await writeOne(output, action, ({ id }) => id);
  if (action.state !== 'done') throw new ExitError(EXIT.failed, action.problem ?? `It was ${action.state}.`);
  if (action.skipped > 0) process.exitCode = EXIT.someRefused;
}

async function summary({ action, done, skipped, reasons }: BulkAction): Promise<void> {
  await terminal.line(`${action}: ${done} job${done === 1 ? '' : 's'} changed, ${skipped} skipped.`);
  for (const { reason, count, examples } of reasons)
    await terminal.line(`  ${count} skipped: ${reason} (${examples.slice(0, 2).join(', ')}${count > 2 ? ', …' : ''})`);
}
