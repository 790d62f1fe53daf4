import './now.css';
import { useEffect } from 'react';
import { useOverview } from '../../api/overview.js';
import { useAddress, withParts } from '../../lib/address.js';
import { useShortcuts } from '../../lib/shortcuts.js';
import { useTitle } from '../../lib/use-title.js';
import { Bones, FaultNotice } from '../../ui/notices.js';
import { Needs } from './needs.js';
import { QueueStrips } from './queue-strips.js';
import { SlotGrid } from './slot-grid.js';

/** The first look: what needs somebody, every queue, and every slot of every node. One stream keeps it up. */
export default function Now() {
  useTitle('Now');
  const { overview, trouble, error } = useOverview();
  const [wall, toggle] = useWall();
  useShortcuts('Now', [{ keys: 'w', does: 'Wall', run: toggle }]);
  return (
    <div className="screen now">
      <header className="screen__head">
        <h1>Now</h1>
        <button type="button" className="button push" aria-pressed={wall} onClick={toggle}>
          Wall
        </button>
      </header>
      {error !== null && <FaultNotice error={error} />}
      {trouble !== null && (
        <div className="notice notice--wait" role="status">
          {trouble}
        </div>
      )}
      {overview === null ? (
        error === null && <Bones rows={10} />
      ) : (
        <div className="now__body">
          <Needs needs={overview.needs} queues={overview.queues} />
          <div className="now__work">
            <QueueStrips queues={overview.queues} />
            <SlotGrid nodes={overview.nodes} />
          </div>
        </div>
      )}
    </div>
  );
}

/**
 * The wall shows the screen alone, larger: for those who look from afar. It is in the address, for a machine that shows
 * nothing else.
 */
function useWall(): [wall: boolean, toggle: () => void] {
  const { search, change } = useAddress();
  const wall = search.has('wall');
  useEffect(() => {
    document.documentElement.toggleAttribute('data-wall', wall);
    return () => document.documentElement.removeAttribute('data-wall');
  }, [wall]);
  return [wall, () => change((newest) => withParts(newest, { wall: newest.has('wall') ? null : '' }))];
}
