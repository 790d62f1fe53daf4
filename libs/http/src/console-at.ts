const named = (name: string): string => encodeURIComponent(name);

/** Addresses of screens of the console, for pages that lead there. */
export const consoleAt = {
  home: '/ui/',
  /** The screen of a job, by its id in the record. */
  job: (id: string): string => `/ui/jobs/${named(id)}`,
  /** The jobs of a queue. */
  queue: (name: string): string => `/ui/jobs?queue=${named(name)}`,
  node: (name: string): string => `/ui/nodes?node=${named(name)}`,
} as const;
