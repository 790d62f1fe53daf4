import { Link, useNavigate } from 'react-router';
import type { RunList } from '../../api/types.js';
import { useAddress, withParts } from '../../lib/address.js';
import { useShortcuts } from '../../lib/shortcuts.js';

/**
 * The parts of an address that are about one run alone: its moment, its execution, and the hits around which its log
 * shows.
 */
const OF_ONE_RUN = { at: null, execution: null, only: null };

/** Leads to the run of the same name before this one and to the one after it; the tab and a search of the log stay. */
export function RunLinks({ runs: { previous, next } }: { runs: RunList }) {
  const { search } = useAddress();
  const navigate = useNavigate();
  const query = withParts(search, OF_ONE_RUN);
  const to = ({ id }: { id: string }): string => `/jobs/${id}${query.size === 0 ? '' : `?${query}`}`;
  useShortcuts('Other runs', [
    ...(previous ? [{ keys: '[', does: 'Previous run', run: () => void navigate(to(previous)) }] : []),
    ...(next ? [{ keys: ']', does: 'Next run', run: () => void navigate(to(next)) }] : []),
  ]);
  if (!previous && !next) return null;
  return (
    <nav className="job__runs" aria-label="Other runs">
      {previous && (
        <Link to={to(previous)} title={`Previous run, ${previous.state} ( [ )`}>
          ‹ Previous run
        </Link>
      )}
      {next && (
        <Link to={to(next)} title={`Next run, ${next.state} ( ] )`}>
          Next run ›
        </Link>
      )}
    </nav>
  );
}
