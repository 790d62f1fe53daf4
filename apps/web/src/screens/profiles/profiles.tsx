import './profiles.css';
import { useEffect, useMemo, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useProfiles, type ProfileFilter } from '../../api/profiles.js';
import type { ProfileHead } from '../../api/types.js';
import { useAddress } from '../../lib/address.js';
import { compareAt } from '../../lib/compare-at.js';
import { counted } from '../../lib/format.js';
import { useShortcuts } from '../../lib/shortcuts.js';
import { useTitle } from '../../lib/use-title.js';
import { Bones, CommandLine, Empty, FaultNotice } from '../../ui/notices.js';
import { FilterForm } from './filter-form.js';
import { Row } from './row.js';

const FIELDS = ['q', 'owner', 'queue', 'command', 'finished_after'] as const;
/** So many rows stand on one page; who looks for older ones narrows the filter. */
const MOST_ROWS = 2_000;

/** The list of profiles of finished jobs. The filter is the address; two that are chosen are compared. */
export default function Profiles() {
  useTitle('Profiles');
  const { search, change } = useAddress();
  const filter = useMemo(
    () =>
      Object.fromEntries(
        FIELDS.flatMap((field) => {
          const value = search.get(field);
          return value === null || value === '' ? [] : [[field, value]];
        }),
      ) as ProfileFilter,
    [search],
  );
  return (
    <div className="screen">
      <header className="screen__head">
        <h1>Profiles</h1>
        <FilterForm
          filter={filter}
          onChange={(next) => change(() => new URLSearchParams({ ...next }), { push: true })}
        />
      </header>
      <List key={search.toString()} filter={filter} />
    </div>
  );
}

function List({ filter }: { filter: ProfileFilter }) {
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useProfiles(filter);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const navigate = useNavigate();
  const profiles = useMemo(() => data?.pages.flatMap((page) => page.profiles) ?? [], [data]);
  // A page of a search may be empty: the search goes on further back.
  const goesOn = hasNextPage && !error && data?.pages.at(-1)?.profiles.length === 0;
  useEffect(() => {
    if (goesOn && !isFetchingNextPage) void fetchNextPage();
  }, [goesOn, isFetchingNextPage, fetchNextPage]);
  // The list has the newest first: the newer of both is compared with the older.
  const pair = profiles.flatMap(({ job }) => (chosen.includes(job) ? [job] : []));
  const [newer, older] = pair;
  const target = newer !== undefined && older !== undefined ? compareAt(newer, older) : null;
  useShortcuts('Profiles', [
    ...(target === null
      ? []
      : [{ keys: 'c', does: 'Compare the two that are chosen', run: () => void navigate(target) }]),
  ]);
  if (error && !data) return <FaultNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <Bones rows={10} />;
  if (profiles.length === 0)
    return goesOn ? (
      <p className="muted" role="status">
        Looking further back.
      </p>
    ) : (
      <NoProfiles filtered={Object.keys(filter).length > 0} />
    );
  const choose = (job: string, on: boolean): void =>
    setChosen((before) => (on ? [...before, job].slice(-2) : before.filter((one) => one !== job)));
  return (
    <>
      <div className="profiles__bar" role="status">
        {target === null ? (
          <span className="muted">
            {pair.length === 1 ? 'Choose a second one to compare both.' : 'Choose two to compare them.'}
          </span>
        ) : (
          <Link className="button button--main" to={target}>
            Compare the two
          </Link>
        )}
      </div>
      <Table profiles={profiles} chosen={chosen} onChoose={choose} />
      {error && <FaultNotice error={error} onRetry={() => void fetchNextPage()} />}
      {hasNextPage && profiles.length < MOST_ROWS && (
        <div>
          <button type="button" className="button" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {isFetchingNextPage ? 'Reading' : 'Show older ones'}
          </button>
        </div>
      )}
      {hasNextPage && profiles.length >= MOST_ROWS && (
        <p className="muted">
          There are more than these {counted(profiles.length, 'profile')}: narrow the filter to see older ones.
        </p>
      )}
    </>
  );
}

interface TableProps {
  profiles: readonly ProfileHead[];
  chosen: readonly string[];
  onChoose: (job: string, on: boolean) => void;
}

function Table({ profiles, chosen, onChoose }: TableProps) {
  return (
    <div className="panel scroll-x">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">
              <span className="unseen">Chosen</span>
            </th>
            <th scope="col">Job</th>
            <th scope="col">Command</th>
            <th scope="col">Outcome</th>
            <th scope="col">Ended</th>
            <th scope="col" className="number">
              Took
            </th>
            <th scope="col" className="number">
              CPU time
            </th>
            <th scope="col" className="number">
              Memory, most
            </th>
            <th scope="col">Queue</th>
            <th scope="col">Owner</th>
            <th scope="col">
              <span className="unseen">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {profiles.map((profile) => (
            <Row
              key={profile.job}
              profile={profile}
              chosen={chosen.includes(profile.job)}
              onChoose={(on) => onChoose(profile.job, on)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function NoProfiles({ filtered }: { filtered: boolean }) {
  return filtered ? (
    <Empty title="No profile fits this filter.">
      <p>
        <Link to="/profiles">Show all profiles</Link>
      </p>
    </Empty>
  ) : (
    <Empty title="There is no profile yet.">
      <p>A job leaves one when it ends: how long it took, and what it used.</p>
      <CommandLine text="drover run -- sleep 3" />
    </Empty>
  );
}
