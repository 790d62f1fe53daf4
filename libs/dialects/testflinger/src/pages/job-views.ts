import { Injectable } from '@nestjs/common';
import { Archives } from '../core/archives.js';
import { LOG_TYPES, PHASES, type LogType, type Phase } from '../core/job-states.js';
import { LabJobs } from '../core/jobs.js';
import { LabLogs } from '../core/logs.js';
import { isRef } from '../core/ref.js';
import { LabResults, statusOf } from '../core/results.js';
import { WorkerOutput } from '../core/worker-output.js';
import { toDocument } from '../http/translate.js';
import type { JobView } from './job-page.js';

/** Characters of each log on the page of a job. */
const SHOWN = 64 * 1024;
/** Fragments looked at for them, from the last one back. */
const LOOKED_AT = 20;

/** Gathers what the page of a job shows. */
@Injectable()
export class JobViews {
  constructor(
    private readonly jobs: LabJobs,
    private readonly results: LabResults,
    private readonly logs: LabLogs,
    private readonly workers: WorkerOutput,
    private readonly archives: Archives,
  ) {}

  async of(ref: string): Promise<JobView | null> {
    const job = await this.jobs.find(ref);
    if (!job) return null;
    await this.workers.sync(ref, job);
    const values = (await this.results.read(ref, job)) ?? {};
    const document = toDocument(job);
    const parent = document['parent_job_id'];
    return {
      ref,
      job,
      state: await this.results.word(job),
      position: await this.jobs.position(ref),
      codes: statusOf(values),
      deviceInfo: values['device_info'],
      document,
      logs: await this.ends(ref, values),
      archive: (await this.archives.info(ref, 'artifact', job))?.size ?? null,
      parent: typeof parent === 'string' && isRef(parent) ? parent : null,
    };
  }

  private async ends(ref: string, values: Record<string, unknown>): Promise<JobView['logs']> {
    const ends: JobView['logs'] = [];
    for (const type of LOG_TYPES) {
      const phases = await this.logs.phases(ref, type, {});
      for (const phase of PHASES) {
        const posted = values[`${phase}_${type}`];
        const end =
          typeof posted === 'string'
            ? tail(posted)
            : await this.end(ref, type, phase, phases.get(phase) ?? { last: -1, bytes: 0 });
        if (end.text !== '') ends.push({ type, phase, ...end });
      }
    }
    return ends;
  }

  private async end(
    ref: string,
    type: LogType,
    phase: Phase,
    { last, bytes }: { last: number; bytes: number },
  ): Promise<{ text: string; cut: boolean }> {
    let text = '';
    if (last < 0) return { text, cut: false };
    for await (const part of this.logs.texts(ref, type, {
      phase,
      ...(bytes > SHOWN ? { from: last - LOOKED_AT + 1 } : {}),
    }))
      text = tail(text + part).text;
    return { text, cut: bytes > Buffer.byteLength(text) };
  }
}

const tail = (text: string): { text: string; cut: boolean } => ({ text: text.slice(-SHOWN), cut: text.length > SHOWN });
