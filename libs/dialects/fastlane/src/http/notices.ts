import { escapeHtml } from '@drover/http';
import type { Delivery, Said, Writer } from '@drover/notifications';
import { exitCodeOf, statusOf, type ExecutionStatus } from '../core/status.js';
import { TaskQueries } from '../core/task-queries.js';
import type { FastlaneExecutionDto } from './dto/job.dto.js';
import type { FastlaneSettings } from './fastlane-settings.js';
import { fromExecution } from './translate.js';
import { Urls } from './urls.js';

/**
 * Writes the notices of a finished execution: by webhook to programs, by mail to people. `fallbackUrl`: base of links
 * where none is configured.
 */
export const fastlaneNotices = (queries: TaskQueries, settings: FastlaneSettings, fallbackUrl: string): Writer => ({
  keeps: 'request',
  async write(delivery) {
    const execution = delivery.job_id === null ? null : await queries.byId(delivery.job_id);
    const job = execution && (await queries.job(execution.task_id, execution.job_id));
    if (!execution || !job) return null;
    const { metadata, ...shown } = fromExecution(execution, await queries.logOf(execution));
    const told = {
      ...shown,
      metadata: { ...metadata, custom: job.details.custom ?? {} },
      job_id: execution.job_id,
      taskId: execution.task_id,
    };
    if (delivery.kind === 'webhook') return { body: told };
    const urls = Urls.configured(settings, fallbackUrl);
    return mailOf(
      delivery,
      told,
      { status: statusOf(execution), exitCode: exitCodeOf(execution) },
      { task: urls.task(execution.task_id), job: urls.job(execution.task_id, execution.job_id) },
    );
  },
});

function mailOf(
  delivery: Delivery,
  told: FastlaneExecutionDto & { job_id: string; taskId: string },
  end: { status: ExecutionStatus; exitCode: number | null },
  links: { task: string; job: string },
): Said {
  const how = end.exitCode === null ? `with status ${end.status}` : `with exit code ${end.exitCode}`;
  const what =
    delivery.event === 'succeeds' ? 'succeeded' : delivery.event === 'fails' ? `failed ${how}` : `finished ${how}`;
  const subject = `[Fastlane] Job ${told.taskId}/${told.job_id} ${what}!`;
  const json = JSON.stringify(told, null, 4);
  return {
    subject,
    text: `${subject}\n\nTask: ${links.task}\nJob: ${links.job}\n\n${json}\n`,
    html: `<html><body><p>${escapeHtml(subject)}</p><p><a href="${escapeHtml(links.task)}">Task</a> &middot; <a href="${escapeHtml(links.job)}">Job</a></p><pre>${escapeHtml(json)}</pre></body></html>`,
  };
}
