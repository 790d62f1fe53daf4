import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { useNavigationType } from 'react-router';
import { connection } from '../../api/connection.js';
import { useJobEvents } from '../../api/events.js';
import { JobPages, type JobPagesState } from '../../api/job-pages.js';
import { jobSource } from '../../api/jobs.js';
import { searchOf, type JobFilter } from '../../lib/job-filter.js';

/** New jobs are counted so long after something said that there may be some. */
const COUNT_AFTER_MS = 1_000;

/** The list that was left last: the way back leads to the same rows at the same place. */
let left: { name: string; list: JobPages } | null = null;

/** The list of jobs with this filter, kept up with what happens. Another filter is another list. */
export function useJobPages(filter: JobFilter): { list: JobPages; state: JobPagesState } {
  const name = searchOf(filter);
  const isWayBack = useNavigationType() === 'POP';
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the address is the filter
  const list = useMemo(() => (isWayBack && left?.name === name ? left.list : new JobPages(jobSource(filter))), [name]);
  const state = useSyncExternalStore(list.subscribe, list.now);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    if (list === left?.list) list.resume();
    else void list.restart();
    return () => {
      clearTimeout(timer.current);
      left = { name, list };
    };
  }, [list, name]);
  const countLater = (): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void list.countNewer().catch(() => undefined), COUNT_AFTER_MS);
  };
  useJobEvents((events) => {
    if (list.take(events)) countLater();
  });
  useEffect(
    () =>
      connection.onReturn(() => {
        if (list.now().pages.length === 0) void list.restart();
        else void list.countNewer().catch(() => undefined);
      }),
    [list],
  );
  return { list, state };
}
