import type { Queue } from '../api/types.js';

/** Why a queue is paused and who asked for it, in small; nothing where neither is known. */
export function PauseWhy({ pause, className = '' }: { pause: Queue['pause']; className?: string }) {
  const why = pause && [pause.reason, pause.by && `by ${pause.by}`].filter(Boolean).join(', ');
  if (!why) return null;
  return (
    <span className={`${className} muted small`} title={why}>
      {why}
    </span>
  );
}
