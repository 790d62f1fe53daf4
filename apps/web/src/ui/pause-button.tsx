import { usePauseQueue } from '../api/queues.js';
import { useMay } from '../api/session.js';
import { Icon } from './icons.js';
import { sayFault } from './toast.js';

/** Pauses or resumes a queue; absent for those who may not. */
export function PauseButton({ queue: { name, paused } }: { queue: { name: string; paused: boolean } }) {
  const may = useMay();
  const pauseQueue = usePauseQueue();
  if (!may('operate')) return null;
  return (
    <button
      type="button"
      className="button"
      disabled={pauseQueue.isPending}
      aria-label={paused ? `Resume ${name}` : `Pause ${name}`}
      onClick={() => pauseQueue.mutate({ name, pause: !paused }, { onError: sayFault })}
    >
      <Icon name={paused ? 'play' : 'pause'} size={14} />
      {paused ? 'Resume' : 'Pause'}
    </button>
  );
}
