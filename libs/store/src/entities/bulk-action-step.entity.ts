import { Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { BulkActionEntity } from './bulk-action.entity.js';

/**
 * A job that a bulk action has changed, written with the change itself. It goes when the batch is noted: a batch that
 * was interrupted is done again without those.
 */
@Entity('bulk_action_step')
export class BulkActionStepEntity {
  @ForeignKey(() => BulkActionEntity, { onDelete: 'CASCADE' })
  @PrimaryColumn('uuid')
  action_id: string;
  @PrimaryColumn('uuid') job_id: string;
}
