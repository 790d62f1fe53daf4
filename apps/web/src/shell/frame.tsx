import './frame.css';
import { Suspense, lazy, useState, type ReactNode } from 'react';
import { NavLink, useNavigate } from 'react-router';
import { useLogOut, useMay, useSession } from '../api/session.js';
import { useShortcuts } from '../lib/shortcuts.js';
import { Icon } from '../ui/icons.js';
import { sayFault } from '../ui/toast.js';
import { SCREENS } from './screens.js';
import { useTheme } from './theme.js';
import { usePaletteKey } from './use-palette-key.js';

const Palette = lazy(() => import('./palette.js'));
const HelpSheet = lazy(() => import('./help-sheet.js'));

/** The side bar, which is a bar at the bottom of narrow screens, and the screen beside it. */
export function Frame({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState<'palette' | 'help' | null>(null);
  const navigate = useNavigate();
  const may = useMay();
  const places = SCREENS.flatMap(({ path, nav }) => (nav && (!nav.needs || may(nav.needs)) ? [{ path, ...nav }] : []));
  usePaletteKey(() => setOpen('palette'));
  useShortcuts('Everywhere', [
    ...places.map(({ path, label, keys }) => ({ keys, does: `Go to ${label}`, run: () => void navigate(path) })),
    { keys: '?', does: 'Show these keys', run: () => setOpen('help') },
  ]);
  return (
    <div className="frame">
      <a className="frame__skip button" href="#screen">
        Skip to the screen
      </a>
      <nav className="frame__bar" aria-label="Screens">
        <span className="frame__name">Drover</span>
        <button type="button" className="frame__find" onClick={() => setOpen('palette')} aria-keyshortcuts="Control+K">
          <Icon name="search" />
          <span>Find</span>
          <kbd className="key" aria-hidden="true">
            Ctrl K
          </kbd>
        </button>
        <ul className="frame__places">
          {places.map(({ path, label, icon }) => (
            <li key={path}>
              <NavLink to={path} end={path === '/'} className="frame__place">
                <Icon name={icon} />
                <span>{label}</span>
              </NavLink>
            </li>
          ))}
        </ul>
        <Foot onHelp={() => setOpen('help')} />
      </nav>
      <main id="screen" className="frame__screen" tabIndex={-1}>
        {children}
      </main>
      <Suspense fallback={null}>
        {open === 'palette' && <Palette onClose={() => setOpen(null)} />}
        {open === 'help' && <HelpSheet onClose={() => setOpen(null)} />}
      </Suspense>
    </div>
  );
}

function Foot({ onHelp }: { onHelp: () => void }) {
  const { data: session } = useSession();
  const [theme, switchTheme] = useTheme();
  const logOut = useLogOut();
  return (
    <div className="frame__foot">
      {session?.client_id && (
        <div className="frame__who">
          <span className="cut" title={`${session.client_id}, ${session.role} of ${session.project}`}>
            {session.client_id}
            <span className="muted"> {session.role}</span>
          </span>
          {session.expires_at !== null && (
            <button
              type="button"
              className="button button--bare"
              aria-label="Log out"
              title="Log out"
              onClick={() => logOut.mutate(undefined, { onError: sayFault })}
            >
              <Icon name="out" />
            </button>
          )}
        </div>
      )}
      <button
        type="button"
        className="button button--bare"
        aria-label={theme === 'dark' ? 'Light look' : 'Dark look'}
        title={theme === 'dark' ? 'Light look' : 'Dark look'}
        onClick={switchTheme}
      >
        <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
      </button>
      <button type="button" className="button button--bare" aria-label="Keys" title="Keys (?)" onClick={onHelp}>
        <Icon name="help" />
      </button>
      <a className="button button--bare" href="/docs" title="The API's own pages">
        API
      </a>
    </div>
  );
}
