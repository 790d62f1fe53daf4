import './alarms.css';
import { Link } from 'react-router';
import { useActiveAlarms } from '../../api/alarms.js';
import { useMay } from '../../api/session.js';
import { useAddress } from '../../lib/address.js';
import { useShortcuts } from '../../lib/shortcuts.js';
import { useTitle } from '../../lib/use-title.js';
import { Icon } from '../../ui/icons.js';
import { Tabs } from '../../ui/tabs.js';
import { Active } from './active.js';
import { History } from './history.js';
import { Rules } from './rules.js';
import { Silences } from './silences.js';

const TABS = ['rules', 'active', 'history', 'silences'];

/** The tab that an address names. */
function tabOf(search: URLSearchParams): string {
  const asked = search.get('tab') ?? 'rules';
  return TABS.includes(asked) ? asked : 'rules';
}

/** Alarms: the rules, what is active now, what fired, and what is silent. */
export default function Alarms() {
  useTitle('Alarms');
  const { search, newest, change } = useAddress();
  const may = useMay();
  const { data: active } = useActiveAlarms();
  const tab = tabOf(search);
  const go = (id: string): void => change(() => new URLSearchParams(id === 'rules' ? {} : { tab: id }));
  const step = (by: number): void =>
    go(TABS[(TABS.indexOf(tabOf(newest().search)) + by + TABS.length) % TABS.length] ?? 'rules');
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
