/**
 * The flags of Node for the API and the worker daemon. A young generation of 2 MiB instead of 16: under a log
 * of 1 GiB the API peaks at 174 to 184 MB (205 to 215 MB with 4 MiB), and single submits are no slower
 * (`npm run bench -- submit`). Node reads it at its start only, so whoever starts a process gives it.
 */
export const NODE_FLAGS: readonly string[] = ['--max-semi-space-size=2'];
