/** The ways in which a job can come to its node and its process can be started: what is on by default, and neither. */
export const WAYS: [name: string, settings: Record<string, string>][] = [
  ['with direct starts and posix_spawn', {}],
  ['by tickets and fork alone', { DROVER_DIRECT_STARTS: '0', DROVER_SPAWN: 'fork' }],
];
