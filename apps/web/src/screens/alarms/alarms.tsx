import './alarms.css';
import { Link, useSearchParams } from 'react-router';
import { useActiveAlarms } from '../../api/alarms.js';
import { useMay } from '../../api/session.js';
import { useShortcuts } from '../../lib/shortcuts.js';
import { useTitle } from '../../lib/use-title.js';
import { Icon } from '../../ui/icons.js';
import { Tabs } from '../../ui/tabs.js';
import { Active } from './active.js';
import { History } from './history.js';
import { Rules } from './rules.js';
import { Silences } from './silences.js';

const TABS = ['rules', 'active', 'history', 'silences'];

/** Alarms: the rules, what is active now, what fired, and what is silent. */
export default function Alarms() {
  useTitle('Alarms');
  const [search, setSearch] = useSearchParams();
  const may = useMay();
  const { data: active } = useActiveAlarms();
  const asked = search.get('tab') ?? 'rules';
  const tab = TABS.includes(asked) ? asked : 'rules';
  const go = (id: string): void => setSearch(id === 'rules' ? {} : { tab: id }, { replace: true });
  const step = (by: number): void => go(TABS[(TABS.indexOf(tab) + by + TABS.length) % TABS.length] ?? 'rules');
  useShortcuts('Alarms', [
    { keys: '[', does: 'Tab before', run: () => step(-1) },
    { keys: ']', does: 'Next tab', run: () => step(1) },
  ]);
  const count = active === undefined || active.length === 0 ? '' : ` ${active.length}`;
  return (
    <div className="screen">
      <header className="screen__head">
        <h1>Alarms</h1>
        {may('operate') && (
          <Link className="button button--main push" to="/alarms/new">
            <Icon name="submit" size={14} />
            New alarm
          </Link>
        )}
      </header>
      <Tabs
        value={tab}
        onChange={go}
        tabs={[
          { id: 'rules', label: 'Rules', content: () => <Rules /> },
          { id: 'active', label: `Active${count}`, content: () => <Active /> },
          { id: 'history', label: 'History', content: () => <History alarm={search.get('alarm')} /> },
          { id: 'silences', label: 'Silences', content: () => <Silences /> },
        ]}
      />
    </div>
  );
}
