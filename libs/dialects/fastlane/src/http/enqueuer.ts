import type { Request } from 'express';
import { requestOwner } from '@drover/http';
import type { TasksService } from '../core/tasks.service.js';
import { jsonOf } from './body.js';
import type { EnqueuedDto } from './dto/task.dto.js';
import type { FastlaneSettings } from './fastlane-settings.js';
import { readPayload } from './payload.js';
import { bare } from './problem.js';
import { addressOf, Urls } from './urls.js';

const LONGEST_TASK = 500;

/** Makes a job of a body, for POST and PUT alike. */
export class Enqueuer {
  constructor(
    private readonly tasks: TasksService,
    private readonly settings: FastlaneSettings,
  ) {}

  /** `jobId`: of a PUT. @throws FastlaneProblem before anything is stored */
  async enqueue(request: Request, taskId: string, jobId?: string): Promise<EnqueuedDto> {
    const { details, when } = readPayload(await jsonOf(request), this.settings.hardTimeoutS);
    if (taskId.length > LONGEST_TASK || !taskId.isWellFormed())
      throw bare(`The name of a task must be text of at most ${LONGEST_TASK} characters.`);
    const made = await this.tasks.enqueue({
      task_id: taskId,
      ...(jobId === undefined ? {} : { job_id: jobId }),
      owner: requestOwner(request),
      details,
      when,
      request_ip: addressOf(request, this.settings),
    });
    const urls = Urls.of(request, this.settings);
    return {
      taskId,
      jobId: made.job_id,
      executionId: made.execution_id,
      executionUrl: made.execution_id === null ? null : urls.executionSlash(taskId, made.job_id, made.execution_id),
      queueJobId: made.queue_job_id,
      jobUrl: urls.job(taskId, made.job_id),
      taskUrl: urls.task(taskId),
    };
  }
}
