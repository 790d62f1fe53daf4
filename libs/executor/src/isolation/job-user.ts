/** How far a job is kept from the machine it runs on, weakest first. */
export const ISOLATION_LEVELS = ['none', 'user', 'namespace'] as const;
export type IsolationLevel = (typeof ISOLATION_LEVELS)[number];

/** The account under which the processes of an execution run. */
export interface JobUser {
  uid: number;
  gid: number;
  /** Name of an account of this machine, whose supplementary groups come along. Absent: no groups. */
  name?: string;
  /** No other execution has it meanwhile: whatever runs under it belongs to this one. */
  exclusive: boolean;
}

/** The view of the file system an execution gets. */
export interface JobView {
  /** An empty folder on which its root is put together. */
  root: string;
  /** File in the form of fstab: what is mounted there. */
  table: string;
}
