import type { Execution } from '@drover/domain';
import { columnsOf, columnsWithout, listOf } from './entities/columns.js';
import { ExecutionEntity } from './entities/execution.entity.js';

/** An execution with what only the server's own code needs. */
export type StoredExecution = Execution & Pick<ExecutionEntity, 'boot_id' | 'payload' | 'placed'>;

/** An execution as `pg` gives it: numbers of 64 bit are texts. */
export type ExecutionRow = ExecutionEntity;

/** Columns that stay as they were at the claim. */
const FIXED = [
  'id',
  'job_id',
  'epoch',
  'attempt',
  'agent_id',
  'node',
  'boot_id',
  'claimed_at',
  'placed',
] as const satisfies readonly (keyof ExecutionEntity)[];

/** The columns that a report may set; anything absent stays. */
export type ExecutionPatch = { id: string } & Partial<Omit<StoredExecution, (typeof FIXED)[number]>>;

const ALL = columnsOf(ExecutionEntity);
const BIG = ALL.filter((column) => column.type === 'bigint').map((column) => column.name);

/** The columns that make a {@link StoredExecution}. */
export const EXECUTION_COLUMNS = listOf(ALL);

/** The types of the columns that an {@link ExecutionPatch} may name. */
export const PATCH_TYPES: ReadonlyMap<string, string> = new Map(
  columnsWithout(ALL, FIXED).map(({ name, type }) => [name, type]),
);

/** Makes numbers of the row's texts. The row is changed: nobody else has it. */
export function toExecution(row: ExecutionRow): StoredExecution {
  const numbers = row as unknown as Record<string, unknown>;
  for (const name of BIG) numbers[name] = Number(numbers[name]);
  return row as unknown as StoredExecution;
}

/** Fails to compile when the entity has a column that the domain's `Execution` lacks, or the other way round. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
true satisfies Same<keyof ExecutionEntity, keyof StoredExecution>;
