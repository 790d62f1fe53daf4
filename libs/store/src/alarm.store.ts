import type { AlarmFiring, AlarmRule, AlarmSilence, AlarmState, AlarmTransition } from '@drover/domain';
import * as SQL from './alarm.sql.js';
import { AlarmRuleEntity } from './entities/alarm-rule.entity.js';
import { AlarmSilenceEntity } from './entities/alarm-silence.entity.js';
import { AlarmStateEntity } from './entities/alarm-state.entity.js';
import type { Sql } from './sql.js';

export type NewAlarmRule = Omit<AlarmRule, 'created_at' | 'updated_at'>;

/** The transitions that are asked for. `before`: the id of one. */
export interface TransitionFilter {
  rule_id?: string;
  entry?: string;
  project?: string;
  before?: string;
}

const valuesOf = (filter: TransitionFilter, limit: number): unknown[] => [
  filter.rule_id ?? null,
  filter.entry ?? null,
  filter.before ?? null,
  limit,
  filter.project ?? null,
];

export const alarmStore = {
  /** Other than before: a rule or silence was made, changed or deleted. */
  async signature(sql: Sql): Promise<string> {
    const rows = await sql.rows<{ signature: string }>(SQL.SIGNATURE);
    return rows[0]?.signature ?? '';
  },

  /** In the order they were made. `ended`: instead those whose entry has ended and that have something left to tell. */
  async rules(sql: Sql, ended = false): Promise<AlarmRule[]> {
    return sql.entities(AlarmRuleEntity, (rules) => rules.find({ where: { ended }, order: { seq: 'ASC' } }));
  },

  async rule(sql: Sql, id: string): Promise<AlarmRule | null> {
    return sql.entities(AlarmRuleEntity, (rules) => rules.findOneBy({ id, ended: false }));
  },

  async countRules(sql: Sql): Promise<number> {
    return sql.entities(AlarmRuleEntity, (rules) => rules.count());
  },

  /** Null: the target has a rule of that name. */
  async insertRule(sql: Sql, rule: NewAlarmRule): Promise<AlarmRule | null> {
    const rows = await sql.rows<AlarmRule>(SQL.INSERT_RULE, [JSON.stringify(rule)]);
    return rows[0] ?? null;
  },

  /** Replaces all but the id. Throws unique_violation (23505). Null: there is none. */
  async updateRule(sql: Sql, rule: NewAlarmRule): Promise<AlarmRule | null> {
    const rows = await sql.rows<AlarmRule>(SQL.UPDATE_RULE, [JSON.stringify(rule)]);
    return rows[0] ?? null;
  },

  async deleteRule(sql: Sql, id: string): Promise<boolean> {
    return (await sql.run(SQL.DELETE_RULE, [id])) > 0;
  },

  async deleteByName(sql: Sql, target: string, name: string): Promise<boolean> {
    return (await sql.run(SQL.DELETE_BY_NAME, [target, name])) > 0;
  },

  /**
   * Rules about single entries that are no more. Those that were told of and have not been called off stay for that,
   * out of sight.
   */
  async endOfEntries(sql: Sql, targets: string[]): Promise<void> {
    if (targets.length === 0) return;
    await sql.run(SQL.DELETE_UNTOLD_OF_ENTRIES, [targets]);
    await sql.run(SQL.END_OF_ENTRIES, [targets]);
  },

  async deleteEnded(sql: Sql): Promise<void> {
    await sql.run(SQL.DELETE_ENDED);
  },

  async states(sql: Sql): Promise<AlarmState[]> {
    return sql.entities(AlarmStateEntity, (states) => states.find());
  },

  /** States of rules that were deleted meanwhile are left out. */
  async putStates(sql: Sql, states: AlarmState[]): Promise<void> {
    if (states.length === 0) return;
    await sql.run(SQL.PUT_STATES, [JSON.stringify(states)]);
  },

  async deleteStates(sql: Sql, keys: { rule_id: string; entry: string }[]): Promise<void> {
    if (keys.length === 0) return;
    await sql.run(SQL.DELETE_STATES, [keys.map((key) => key.rule_id), keys.map((key) => key.entry)]);
  },

  async insertTransitions(sql: Sql, transitions: Omit<AlarmTransition, 'id'>[]): Promise<void> {
    if (transitions.length === 0) return;
    await sql.run(SQL.INSERT_TRANSITIONS, [JSON.stringify(transitions)]);
  },

  /** Newest first. */
  async transitions(sql: Sql, filter: TransitionFilter, limit: number): Promise<AlarmTransition[]> {
    return sql.rows(SQL.TRANSITIONS, valuesOf(filter, limit));
  },

  /** Newest first, by their beginning. */
  async firings(sql: Sql, filter: TransitionFilter, limit: number): Promise<AlarmFiring[]> {
    return sql.rows(SQL.FIRINGS, valuesOf(filter, limit));
  },

  /** When each of these rules fired last, as far as a project (null: any) may see; one that never did is not there. */
  async lastFired(sql: Sql, ids: string[], project: string | null): Promise<Map<string, Date>> {
    if (ids.length === 0) return new Map();
    const rows = await sql.rows<{ id: string; at: Date }>(SQL.LAST_FIRED, [ids, project]);
    return new Map(rows.map(({ id, at }) => [id, at]));
  },

  async countSilences(sql: Sql): Promise<number> {
    return sql.entities(AlarmSilenceEntity, (silences) => silences.count());
  },

  /** Keeps the newest ones. */
  async trimTransitions(sql: Sql, keep: number): Promise<number> {
    return sql.run(SQL.TRIM_TRANSITIONS, [keep]);
  },

  async silences(sql: Sql): Promise<AlarmSilence[]> {
    return sql.entities(AlarmSilenceEntity, (silences) => silences.find({ order: { created_at: 'ASC', id: 'ASC' } }));
  },

  async insertSilence(sql: Sql, silence: Omit<AlarmSilence, 'created_at'>): Promise<AlarmSilence> {
    return sql.entities(AlarmSilenceEntity, async (silences) => {
      await silences.insert({ ...silence });
      return silences.findOneByOrFail({ id: silence.id });
    });
  },

  async deleteSilence(sql: Sql, id: string): Promise<boolean> {
    const { affected } = await sql.entities(AlarmSilenceEntity, (silences) => silences.delete({ id }));
    return (affected ?? 0) > 0;
  },

  async deleteSilencesEndedBefore(sql: Sql, days: number): Promise<void> {
    await sql.run(SQL.FORGET_SILENCES, [days]);
  },
};
