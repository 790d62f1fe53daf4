/** Changes that can be made to many jobs at once. */
export const BULK_ACTIONS = ['cancel', 'retry', 'priority', 'tag', 'untag'] as const;
export type BulkActionKind = (typeof BULK_ACTIONS)[number];

/** A bulk action goes on, has looked at every job, was stopped, or could not go on. */
export const BULK_STATES = ['running', 'done', 'cancelled', 'failed'] as const;
export type BulkState = (typeof BULK_STATES)[number];

/** Jobs that a bulk action left as they were, for one reason. */
export interface Skipped {
  /** One sentence. */
  reason: string;
  count: number;
  /** Ids of some of them. */
  examples: string[];
}
