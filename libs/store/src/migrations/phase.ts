import type { MigrationInterface } from 'typeorm';

/**
 * A migration made after release 0.1.0. `expand`: the release before goes on serving while and after it runs.
 * `contract`: it takes away what only releases up to `after` need, so it runs when none of them serves any more.
 */
export interface PhasedMigration extends MigrationInterface {
  readonly phase: 'expand' | 'contract';
  /** The last release that cannot serve once it has run: of a step that contracts. */
  readonly after?: string;
}

/** Makes one of each migration. */
type MigrationClass = new () => object;

/** Whether a migration takes away what an earlier release needs. Those of release 0.1.0 have no phase. */
export const isContract = (migration: MigrationClass): boolean =>
  (new migration() as Partial<PhasedMigration>).phase === 'contract';

/** The time stamp at the end of a migration's name. */
export const stampOf = (name: string): number => Number(/\d+$/.exec(name)?.[0] ?? 0);
