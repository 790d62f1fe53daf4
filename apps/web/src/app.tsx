import { Suspense, lazy, useEffect, useState } from 'react';
import { Route, Routes } from 'react-router';
import { useSession } from './api/session.js';
import { useAddress } from './lib/address.js';
import { AwayBanner } from './shell/away-banner.js';
import { Boundary } from './shell/boundary.js';
import { Frame } from './shell/frame.js';
import { SCREENS } from './shell/screens.js';
import { Bones, Empty, FaultNotice } from './ui/notices.js';
import { ToastPlace } from './ui/toast.js';

const Login = lazy(() => import('./screens/login/login.js'));

/** The whole console: who looks is asked first, then the screen of the address is shown, or the login before it. */
export function App() {
  const { data: session, error, refetch } = useSession();
  return (
    <>
      <AwayBanner />
      {session === undefined ? (
        <main className="start">
          {error ? <FaultNotice error={error} onRetry={() => void refetch()} /> : <Bones />}
        </main>
      ) : session.auth === 'oauth2' && session.client_id === null ? (
        <Suspense fallback={null}>
          <Login />
        </Suspense>
      ) : session.abilities.includes('read') ? (
        <Screens />
      ) : (
        <Frame>
          <Empty title={`Client ${session.client_id} has the role ${session.role}, which may not look at jobs.`}>
            <p>An admin can give it another role, or you log in as another client.</p>
          </Empty>
        </Frame>
      )}
      <ToastPlace />
    </>
  );
}

function Screens() {
  const { pathname } = useAddress();
  return (
    <Frame>
      <Boundary key={pathname}>
        <Suspense fallback={<Later />}>
          <Routes>
            {SCREENS.map(({ path, screen: Screen }) => (
              <Route key={path} path={path} element={<Screen />} />
            ))}
            <Route path="*" element={<Nowhere path={pathname} />} />
          </Routes>
        </Suspense>
      </Boundary>
    </Frame>
  );
}

function Nowhere({ path }: { path: string }) {
  return (
    <div className="screen">
      <h1>Nothing is here</h1>
      <Empty title={`There is no screen at ${path}.`} />
    </div>
  );
}

/** A screen that is there within a moment shows nothing before it: what flashes disturbs. */
function Later() {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 250);
    return () => clearTimeout(timer);
  }, []);
  return late ? <Bones /> : null;
}
