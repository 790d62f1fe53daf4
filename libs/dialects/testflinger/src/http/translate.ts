import type { Job, JobSpec, Submission } from '@drover/domain';
import { hasAttachments, type JobDocument } from './schema/job-document.js';

/** The core's priorities end here; beyond, jobs are equal. */
const MAX_PRIORITY = 1_000_000;
/** A longer text is not shown as the command of the job; agents get it all the same. */
const MAX_SHOWN_COMMAND = 10_000;

/** A document as the core takes it. The whole of it is the payload: that is what an agent gets back. */
export function toSubmission(document: JobDocument, owner: string): Submission {
  const { job_id: _, ...payload } = document;
  const spec: JobSpec = { command: shownCommand(document) };
  const limits = {
    ...(positive(document.global_timeout) ? { runtime_s: document.global_timeout } : {}),
    ...(positive(document.output_timeout) ? { silence_s: document.output_timeout } : {}),
  };
  if (Object.keys(limits).length > 0) spec.limits = limits;
  return {
    queue: document.job_queue,
    name: document.name ?? null,
    owner,
    dialect: 'testflinger',
    dispatch: 'ticket',
    spec: { ...spec, artifacts: ['artifact.tar.gz'] },
    payload,
    tags: [...new Set(document.tags ?? [])],
    priority: Math.max(-MAX_PRIORITY, Math.min(MAX_PRIORITY, document.job_priority ?? 0)),
    held: hasAttachments(document),
  };
}

/**
 * The command that people see: the commands of the test phase. Workers run more than that (libs/testflinger,
 * workerScript).
 */
function shownCommand(document: JobDocument): string | null {
  const commands = document.test_data?.['test_cmds'];
  const text = Array.isArray(commands) ? commands.join('\n') : typeof commands === 'string' ? commands : '';
  return text === '' || text.length > MAX_SHOWN_COMMAND ? null : text;
}

const positive = (value: number | undefined): value is number => value !== undefined && value > 0;

/** The document of a job, as it was submitted. Jobs of other APIs are described in this dialect's words. */
export function toDocument(job: Job): Record<string, unknown> {
  if (job.dialect === 'testflinger') return { ...job.payload };
  const { command } = job.spec;
  return {
    job_queue: job.queue,
    ...(job.name === null ? {} : { name: job.name }),
    ...(job.tags.length > 0 ? { tags: job.tags } : {}),
    ...(job.priority === 0 ? {} : { job_priority: job.priority }),
    ...(command === null
      ? {}
      : { test_data: { test_cmds: Array.isArray(command) ? command.map(quoted).join(' ') : command } }),
    ...(job.dispatch === 'pull' ? job.payload : {}),
  };
}

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
