import { lazy, Suspense, useMemo, useState } from 'react';
import { Link } from 'react-router';
import { MOST_CELLS, useChildren, useFamilies } from '../../api/families.js';
import { useExecutions } from '../../api/jobs.js';
import { JOB_STATES, type Family as Counts, type JobDetail } from '../../api/types.js';
import { counted, countOf } from '../../lib/format.js';
import { jobsAt } from '../../lib/job-filter.js';
import type { Cell } from '../../ui/cell-map.js';
import { Bones, FaultNotice } from '../../ui/notices.js';
import { Segments } from '../../ui/segments.js';
import { StateMark } from '../../ui/state.js';
import { stateOf, wordsOf } from './cells.js';

const CellMap = lazy(() => import('../../ui/cell-map.js'));

/** The children of a job in numbers, each of which leads to their list, and as a map; nothing where it has none. */
export function Family({ job }: { job: JobDetail }) {
  const { data } = useFamilies([job.id]);
  const family = data?.get(job.id);
  if (!family) return null;
  return (
    <section className="family" aria-label="Family">
      <div className="family__counts">
        <Link to={jobsAt({ parent: [job.id] })}>
          {counted(family.total, 'child', 'children')}
          {family.exact ? '' : ' or more'}
        </Link>
        {JOB_STATES.flatMap((state) => {
          const count = family.counts[state];
          return count === undefined
            ? []
            : [
                <Link key={state} to={jobsAt({ parent: [job.id], state: [state] })}>
                  {countOf(count)} <StateMark state={state} />
                </Link>,
              ];
        })}
        <Segments counts={family.counts} />
      </div>
      <Children id={job.id} family={family} />
    </section>
  );
}

function Children({ id, family }: { id: string; family: Counts }) {
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const { data, error, refetch } = useChildren(id, family.counts, cursors.at(-1) ?? null);
  const cells = useMemo(
    () =>
      (data?.children ?? [])
        .map((child): Cell => ({ state: child.state, words: wordsOf(child), to: `/jobs/${child.id}` }))
        .reverse(),
    [data],
  );
  if (error) return <FaultNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <Bones rows={2} />;
  const next = data.next;
  return (
    <>
      <Suspense fallback={<Bones rows={2} />}>
        <CellMap cells={cells} label={`Children, oldest first: ${countOf(cells.length)} of them`} />
      </Suspense>
      {(next !== null || cursors.length > 0) && (
        <div className="family__pages">
          {next !== null && (
            <button type="button" className="button" onClick={() => setCursors([...cursors, next])}>
              {countOf(MOST_CELLS)} older ones
            </button>
          )}
          {cursors.length > 0 && (
            <button type="button" className="button" onClick={() => setCursors(cursors.slice(0, -1))}>
              Newer ones
            </button>
          )}
        </div>
      )}
    </>
  );
}

/** The members of a job that runs on several nodes at once: one cell a node, which leads to its log. */
export function Gang({ job }: { job: JobDetail }) {
  const nodes = job.resources.nodes ?? 1;
  const { data } = useExecutions(job.id, nodes > 1);
  if (nodes < 2 || !data || data.length === 0) return null;
  const last = Math.max(...data.map(({ epoch }) => epoch));
  const members = data.filter(({ epoch }) => epoch > last - nodes);
  return (
    <section className="family" aria-label="Nodes of the job">
      <span className="muted small">Runs on {counted(members.length, 'node')} at once</span>
      <Suspense fallback={<Bones rows={1} />}>
        <CellMap
          label={`Nodes of the job: ${members.length} of them`}
          cells={members.map((member) => ({
            state: stateOf(member),
            words: wordsOf({ ...member, name: member.node, state: stateOf(member), node: null }),
            to: `/jobs/${job.id}?execution=${member.id}`,
          }))}
        />
      </Suspense>
    </section>
  );
}
