import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A setting of this installation, kept by name. */
@Entity('instance_setting')
export class InstanceSettingEntity {
  @PrimaryColumn('text') key: string;
  @Column('jsonb') value: unknown;
  @Column('timestamptz', { default: () => 'now()' }) updated_at: Date;
}
