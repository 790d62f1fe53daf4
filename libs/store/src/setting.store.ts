import { InstanceSettingEntity } from './entities/instance-setting.entity.js';
import * as SQL from './instance.sql.js';
import type { Sql } from './sql.js';

export const settingStore = {
  async get<T>(sql: Sql, key: string): Promise<T | null> {
    const setting = await sql.entities(InstanceSettingEntity, (settings) => settings.findOneBy({ key }));
    return (setting?.value as T | undefined) ?? null;
  },

  /** Stores `value` unless somebody was first; returns what counts. */
  async getOrCreate<T>(sql: Sql, key: string, value: T): Promise<T> {
    const rows = await sql.rows<{ value: T }>(SQL.ENSURE_SETTING, [key, JSON.stringify(value)]);
    return (rows[0] as { value: T }).value;
  },

  async put(sql: Sql, key: string, value: unknown): Promise<void> {
    await sql.run(SQL.PUT_SETTING, [key, JSON.stringify(value)]);
  },

  async delete(sql: Sql, key: string): Promise<void> {
    await sql.entities(InstanceSettingEntity, (settings) => settings.delete({ key }));
  },
};
