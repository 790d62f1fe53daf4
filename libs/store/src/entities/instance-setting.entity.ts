import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('instance_setting')
export class InstanceSettingEntity {
  @PrimaryColumn('text') key: string;
  @Column('jsonb') value: unknown;
  @Column('timestamptz') updated_at: Date;
}
