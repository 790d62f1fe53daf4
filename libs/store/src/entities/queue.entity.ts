import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('queue')
export class QueueEntity {
  @PrimaryColumn('text') name: string;
  @Column('boolean') paused: boolean;
  @Column('jsonb') payload: Record<string, unknown>;
  @Column('timestamptz') created_at: Date;
}
