/**
 * What Node is started with for the API and the worker daemon. A young generation of 4 MiB instead of 16: under a log
 * of 1 GiB the API peaks at 45 MB less, and single submits are no slower (`npm run bench -- submit`). Node reads it at
 * its start only, so whoever starts a process gives it.
 */
export const NODE_FLAGS: readonly string[] = ['--max-semi-space-size=4'];
