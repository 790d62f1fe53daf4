import type { ReactNode } from 'react';

const DRAWN = {
  now: <path d="M2.5 9h3l2-5 3 9 2-4h1.5" />,
  jobs: <path d="M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.01M2.5 8h.01M2.5 12h.01" />,
  queues: <path d="M2.5 4.5h11v3h-11zM2.5 10h11M2.5 12.8h7" />,
  nodes: <path d="M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.01M5 11h.01" />,
  timeline: <path d="M2.5 4h6M6 8h7.5M4 12h5" strokeWidth="2.4" />,
  alarms: <path d="M3.5 11.5h9l-1.2-1.8V7a3.3 3.3 0 0 0-6.6 0v2.7zM6.8 13.5h2.4" />,
  profiles: <path d="M3 13V8.5M6.3 13V3M9.7 13V6M13 13v-2.5" strokeWidth="2" />,
  targets: <path d="M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM8 10.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z" />,
  submit: <path d="M8 3v10M3 8h10" />,
  search: <path d="M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.5 10.5l3 3" />,
  more: <path d="M3.5 8h.01M8 8h.01M12.5 8h.01" strokeWidth="2.4" />,
  close: <path d="M4 4l8 8M12 4l-8 8" />,
  copy: <path d="M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3" />,
  done: <path d="M3 8.5l3.2 3L13 4.5" />,
  right: <path d="M6 3.5L10.5 8 6 12.5" />,
  down: <path d="M3.5 6L8 10.5 12.5 6" />,
  pause: <path d="M5.5 3.5v9M10.5 3.5v9" strokeWidth="2" />,
  play: <path d="M5 3.2v9.6L12.6 8z" />,
  again: <path d="M13 8a5 5 0 1 1-1.6-3.7M13 2.5V5h-2.6" />,
  stop: <path d="M4 4h8v8H4z" />,
  sun: (
    <path d="M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM8 1.5v1.6M8 12.9v1.6M1.5 8h1.6M12.9 8h1.6M3.4 3.4l1.1 1.1M11.5 11.5l1.1 1.1M12.6 3.4l-1.1 1.1M4.5 11.5l-1.1 1.1" />
  ),
  moon: <path d="M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5z" />,
  help: <path d="M6 6.2A2 2 0 1 1 8.7 8c-.5.3-.7.6-.7 1.2M8 11.8h.01" />,
  out: <path d="M6.5 3h-4v10h4M10 5l3 3-3 3M13 8H6" />,
  columns: <path d="M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10" />,
  file: <path d="M4 2.5h5l3 3v8H4zM9 2.5v3h3" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof DRAWN;

/** A small drawing beside a text, or in a button with a name of its own. Readers of the page's text do not hear it. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {DRAWN[name]}
    </svg>
  );
}
