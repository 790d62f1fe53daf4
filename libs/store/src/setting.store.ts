import { InstanceSettingEntity } from './entities/instance-setting.entity.js';
import type { Sql } from './sql.js';

export const settingStore = {
  async get<T>(sql: Sql, key: string): Promise<T | null> {
    const setting = await sql.entities(InstanceSettingEntity, (settings) => settings.findOneBy({ key }));
    return (setting?.value as T | undefined) ?? null;
  },

  /** Stores `value` unless somebody was first; returns what counts. */
  async getOrCreate<T>(sql: Sql, key: string, value: T): Promise<T> {
    const rows = await sql.rows<{ value: T }>(
      `INSERT INTO instance_setting (key, value) VALUES ($1, $2::jsonb)
       ON CONFLICT (key) DO UPDATE SET key = instance_setting.key RETURNING value`,
      [key, JSON.stringify(value)],
    );
    return (rows[0] as { value: T }).value;
  },

  async put(sql: Sql, key: string, value: unknown): Promise<void> {
    await sql.run(
      `INSERT INTO instance_setting (key, value) VALUES ($1, $2::jsonb) ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = now()`,
      [key, JSON.stringify(value)],
    );
  },

  async delete(sql: Sql, key: string): Promise<void> {
    await sql.entities(InstanceSettingEntity, (settings) => settings.delete({ key }));
  },
};
