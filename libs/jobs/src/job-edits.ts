import { DroverError, isWaiting, jobTerminal, isTerminal } from '@drover/domain';
import type { Alongside, Edit } from './grouped-changes.js';
import { LIMITS } from './submission.js';

/** The same change, with what is written beside it in its transaction. */
export const beside = (edit: Edit, also: Alongside['also']): Edit =>
  also === undefined ? edit : (job, changes) => ({ ...edit(job, changes), also });

/** Changes the priority of a job that waits: its ticket moves to the new place in its queue. */
export const prioritising =
  (priority: number): Edit =>
  (job, changes) => {
    if (isTerminal(job.state)) throw jobTerminal(job.id, job.state);
    if (!isWaiting(job.state))
      throw new DroverError('conflict', `Job ${job.id} is ${job.state}; a priority counts for jobs that wait.`);
    if (job.priority === priority) return;
    const hasTicket = job.dispatch === 'ticket';
    if (hasTicket) changes.drop(job);
    changes.patch(job, { priority, ...(hasTicket ? { dispatch_seq: job.dispatch_seq + 1 } : {}) });
    changes.mark(job);
    changes.event(job, 'job.prioritised', { priority });
  };

/** Gives tags to a job, and takes tags from it. */
export const tagging =
  ({ add = [], remove = [] }: { add?: string[]; remove?: string[] }): Edit =>
  (job, changes) => {
    const tags = [...new Set([...job.tags, ...add])].filter((tag) => !remove.includes(tag));
    if (tags.length > LIMITS.tags)
      throw new DroverError('conflict', `The job would have ${tags.length} tags; ${LIMITS.tags} is the most.`);
    if (tags.length === job.tags.length && tags.every((tag) => job.tags.includes(tag))) return;
    changes.patch(job, { tags });
    changes.event(job, 'job.tagged', { tags });
  };
