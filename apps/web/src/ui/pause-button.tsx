import { lazy, Suspense, useState } from 'react';
import { usePauseQueue } from '../api/queues.js';
import { useMay } from '../api/session.js';
import { Icon } from './icons.js';
import { sayFault } from './toast.js';

const PauseDialog = lazy(() => import('./pause-dialog.js'));

/** Pauses a queue, after it has asked for the reason, or resumes it; absent for those who may not. */
export function PauseButton({ queue: { name, paused } }: { queue: { name: string; paused: boolean } }) {
  const may = useMay();
  const pauseQueue = usePauseQueue();
  const [asks, setAsks] = useState(false);
  if (!may('operate')) return null;
  const pause = (reason: string): void => {
    setAsks(false);
    pauseQueue.mutate({ name, pause: true, reason }, { onError: sayFault });
  };
  return (
    <>
      <button
        type="button"
        className="button"
        disabled={pauseQueue.isPending}
        aria-label={paused ? `Resume ${name}` : `Pause ${name}`}
        onClick={() => (paused ? pauseQueue.mutate({ name, pause: false }, { onError: sayFault }) : setAsks(true))}
      >
        <Icon name={paused ? 'play' : 'pause'} size={14} />
        {paused ? 'Resume' : 'Pause'}
      </button>
      {asks && (
        <Suspense fallback={null}>
          <PauseDialog name={name} onClose={() => setAsks(false)} onPause={pause} />
        </Suspense>
      )}
    </>
  );
}
