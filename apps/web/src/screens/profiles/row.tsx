import { Link } from 'react-router';
import type { JobState, ProfileHead } from '../../api/types.js';
import { compareAt } from '../../lib/compare-at.js';
import { valueWords } from '../../lib/figures.js';
import { StateMark } from '../../ui/state.js';
import { Ago } from '../../ui/time.js';

interface RowProps {
  profile: ProfileHead;
  chosen: boolean;
  onChoose: (on: boolean) => void;
}

/** A profile in the list: its job and its main figures. */
export function Row({ profile, chosen, onChoose }: RowProps) {
  const { job, name, command, outcome, queue, owner, summary, finished_at: finished } = profile;
  const shown = (name ?? command) || job;
  return (
    <tr aria-selected={chosen}>
      <td>
        <input
          type="checkbox"
          aria-label={`Choose ${shown}, ${job}`}
          checked={chosen}
          onChange={({ target }) => onChoose(target.checked)}
        />
      </td>
      <td className="profiles__text" title={shown}>
        {/* Jobs of metric clients have no screen: Drover did not run them. */}
        {outcome === null ? shown : <Link to={`/jobs/${job}`}>{shown}</Link>}
      </td>
      <td className="muted mono profiles__text" title={command}>
        {name === null ? '–' : command}
      </td>
      <td>{outcome === null ? <span className="muted">–</span> : <StateMark state={outcome as JobState} />}</td>
      <td className="cell-line">
        <Ago at={finished} />
      </td>
      <td className="number cell-line">{valueWords(summary.wall_s, 'seconds')}</td>
      <td className="number cell-line">{valueWords(summary.cpu_seconds, 'seconds')}</td>
      <td className="number cell-line">{valueWords(summary.peak_memory_bytes, 'bytes')}</td>
      <td>{queue ?? <span className="muted">–</span>}</td>
      <td>{owner ?? <span className="muted">–</span>}</td>
      <td className="number cell-line">
        <Link
          to={compareAt(job)}
          title="Beside the median of the last runs of its command"
          aria-label={`Compare ${shown} with the median of its command`}
        >
          Compare
        </Link>
      </td>
    </tr>
  );
}
