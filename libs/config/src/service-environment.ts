/** The variables by which systemd says where it listens, and how often it wants to hear. */
const VARIABLES = ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID'] as const;

/** The words of systemd to this process. */
export type ServiceEnvironment = Partial<Record<(typeof VARIABLES)[number], string>>;

/**
 * Takes the words of systemd out of the environment of this process: programs that we start are not to speak for us.
 * They are no settings, so no page lists them.
 */
export function takeServiceEnvironment(env: Record<string, string | undefined> = process.env): ServiceEnvironment {
  const taken: ServiceEnvironment = {};
  for (const name of VARIABLES) {
    const value = env[name];
    if (value !== undefined) taken[name] = value;
    delete env[name];
  }
  return taken;
}
