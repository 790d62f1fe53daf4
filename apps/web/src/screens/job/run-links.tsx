import { Link, useLocation, useNavigate } from 'react-router';
import type { RunList } from '../../api/types.js';
import { useShortcuts } from '../../lib/shortcuts.js';

/** Leads to the run of the same name before this one and to the one after it; the tab stays. */
export function RunLinks({ runs: { previous, next } }: { runs: RunList }) {
  const { search } = useLocation();
  const navigate = useNavigate();
  const to = ({ id }: { id: string }): string => `/jobs/${id}${search}`;
  useShortcuts('Runs of the same name', [
    ...(previous ? [{ keys: '[', does: 'Previous run', run: () => void navigate(to(previous)) }] : []),
    ...(next ? [{ keys: ']', does: 'Next run', run: () => void navigate(to(next)) }] : []),
  ]);
  if (!previous && !next) return null;
  return (
    <nav className="job__runs" aria-label="Runs of the same name">
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
