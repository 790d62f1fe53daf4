import { useCallback } from 'react';
import { useJobEvents } from './events.js';
import { refreshJob, useJob } from './jobs.js';

/** A job that is read again whenever something happens to it. */
export function useLiveJob(id: string): ReturnType<typeof useJob> {
  const onEvents = useCallback(
    (events: readonly { job_id: string }[]) => {
      if (events.some(({ job_id }) => job_id === id)) void refreshJob(id);
    },
    [id],
  );
  useJobEvents(onEvents);
  return useJob(id);
}
