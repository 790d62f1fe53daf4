import type { AlarmRule, AlarmSilence, AlarmState, AlarmTransition } from '@drover/domain';
import { AlarmRuleEntity } from './entities/alarm-rule.entity.js';
import { AlarmSilenceEntity } from './entities/alarm-silence.entity.js';
import { AlarmStateEntity } from './entities/alarm-state.entity.js';
import type { Sql } from './sql.js';

export type NewAlarmRule = Omit<AlarmRule, 'created_at' | 'updated_at'>;

const RULE_TYPES = `id uuid, name text, target_kind text, target text, metric text, operator text, threshold float8, clear_threshold float8, for_s float8,
  keep_for_s float8, no_data text, severity text, labels jsonb, annotations jsonb, group_by text[], repeat_s float8, actions jsonb, enabled boolean, owner text, project text`;
const RULE_FIELDS = RULE_TYPES.split(',').map((part) => part.trim().split(' ')[0] as string);
const RULE_COLUMNS = `${RULE_FIELDS.join(', ')}, created_at, updated_at`;
const STATE_COLUMNS = 'rule_id, entry, state, active_at, fired_at, keep_since, value, told_at, told_labels';

/** Writes the last transition of the states of these rules, which go with them. */
const CLOSED = (these: string): string => `closed AS (
  INSERT INTO alarm_transition (rule_id, rule_name, entry, from_state, to_state, value, at)
  SELECT r.id, r.name, s.entry, s.state, 'inactive', s.value, now() FROM alarm_state s JOIN alarm_rule r ON r.id = s.rule_id WHERE ${these})`;

export const alarmStore = {
  /** Other than before: a rule or silence was made, changed or deleted. */
  async signature(sql: Sql): Promise<string> {
    const rows = await sql.rows<{ signature: string }>(
      `SELECT (SELECT count(*) || '.' || coalesce(sum(version), 0) FROM alarm_rule) || '/' || (SELECT count(*) || '.' || coalesce(sum(version), 0) FROM alarm_silence) AS signature`,
    );
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
    const rows = await sql.rows<AlarmRule>(
      `INSERT INTO alarm_rule (${RULE_FIELDS.join(', ')}) SELECT ${RULE_FIELDS.join(', ')} FROM jsonb_to_record($1::jsonb) AS r(${RULE_TYPES})
       ON CONFLICT (target_kind, target, name) WHERE NOT ended DO NOTHING RETURNING ${RULE_COLUMNS}`,
      [JSON.stringify(rule)],
    );
    return rows[0] ?? null;
  },

  /** Replaces all but the id. Throws unique_violation (23505). Null: there is none. */
  async updateRule(sql: Sql, rule: NewAlarmRule): Promise<AlarmRule | null> {
    // Whoever changes an alarm, it stays whose it was.
    const fields = RULE_FIELDS.filter((field) => !['id', 'owner', 'project'].includes(field));
    const rows = await sql.rows<AlarmRule>(
      `UPDATE alarm_rule SET ${fields.map((field) => `${field} = r.${field}`).join(', ')}, updated_at = now(), version = nextval('alarm_version')
       FROM jsonb_to_record($1::jsonb) AS r(${RULE_TYPES}) WHERE alarm_rule.id = r.id AND NOT alarm_rule.ended RETURNING ${RULE_COLUMNS.split(
         ', ',
       )
         .map((c) => `alarm_rule.${c}`)
         .join(', ')}`,
      [JSON.stringify(rule)],
    );
    return rows[0] ?? null;
  },

  async deleteRule(sql: Sql, id: string): Promise<boolean> {
    return (
      (await sql.run(`WITH ${CLOSED('r.id = $1')} DELETE FROM alarm_rule r WHERE r.id = $1 AND NOT r.ended`, [id])) > 0
    );
  },

  async deleteByName(sql: Sql, target: string, name: string): Promise<boolean> {
    const one = `r.target_kind = 'entry' AND r.target = $1 AND r.name = $2 AND NOT r.ended`;
    return (await sql.run(`WITH ${CLOSED(one)} DELETE FROM alarm_rule r WHERE ${one}`, [target, name])) > 0;
  },

  /**
   * Rules about single entries that are no more. Those that were told of and have not been called off stay for that,
   * out of sight.
   */
  async endOfEntries(sql: Sql, targets: string[]): Promise<void> {
    if (targets.length === 0) return;
    const these = `r.target_kind = 'entry' AND r.target = ANY($1::text[]) AND NOT r.ended`;
    const told = `EXISTS (SELECT 1 FROM alarm_state t WHERE t.rule_id = r.id AND t.told_at IS NOT NULL)`;
    await sql.run(
      `WITH ${CLOSED(`${these} AND NOT ${told}`)} DELETE FROM alarm_rule r WHERE ${these} AND NOT ${told}`,
      [targets],
    );
    await sql.run(
      `UPDATE alarm_rule r SET ended = true, enabled = false, version = nextval('alarm_version') WHERE ${these}`,
      [targets],
    );
  },

  async deleteEnded(sql: Sql): Promise<void> {
    await sql.run(
      'DELETE FROM alarm_rule r WHERE ended AND NOT EXISTS (SELECT 1 FROM alarm_state s WHERE s.rule_id = r.id)',
    );
  },

  async states(sql: Sql): Promise<AlarmState[]> {
    return sql.entities(AlarmStateEntity, (states) => states.find());
  },

  /** States of rules that were deleted meanwhile are left out. */
  async putStates(sql: Sql, states: AlarmState[]): Promise<void> {
    if (states.length === 0) return;
    await sql.run(
      `INSERT INTO alarm_state (${STATE_COLUMNS})
       SELECT ${STATE_COLUMNS.split(', ')
         .map((c) => `r.${c}`)
         .join(
           ', ',
         )} FROM jsonb_to_recordset($1::jsonb) AS r(rule_id uuid, entry text, state text, active_at timestamptz,
         fired_at timestamptz, keep_since timestamptz, value float8, told_at timestamptz, told_labels jsonb) JOIN alarm_rule ON alarm_rule.id = r.rule_id
       ON CONFLICT (rule_id, entry) DO UPDATE SET state = excluded.state, active_at = excluded.active_at, fired_at = excluded.fired_at, keep_since = excluded.keep_since,
         value = excluded.value, told_at = excluded.told_at, told_labels = excluded.told_labels`,
      [JSON.stringify(states)],
    );
  },

  async deleteStates(sql: Sql, keys: { rule_id: string; entry: string }[]): Promise<void> {
    if (keys.length === 0) return;
    await sql.run(
      'DELETE FROM alarm_state USING unnest($1::uuid[], $2::text[]) AS k(rule_id, entry) WHERE alarm_state.rule_id = k.rule_id AND alarm_state.entry = k.entry',
      [keys.map((key) => key.rule_id), keys.map((key) => key.entry)],
    );
  },

  async insertTransitions(sql: Sql, transitions: Omit<AlarmTransition, 'id'>[]): Promise<void> {
    if (transitions.length === 0) return;
    await sql.run(
      `INSERT INTO alarm_transition (rule_id, rule_name, entry, from_state, to_state, value, silenced, at)
       SELECT * FROM jsonb_to_recordset($1::jsonb) AS r(rule_id uuid, rule_name text, entry text, from_state text, to_state text, value float8, silenced boolean, at timestamptz)`,
      [JSON.stringify(transitions)],
    );
  },

  /** Newest first; `before`: an id. */
  async transitions(
    sql: Sql,
    filter: { rule_id?: string; entry?: string; project?: string; before?: string },
    limit: number,
  ): Promise<AlarmTransition[]> {
    return sql.rows(
      `SELECT id, rule_id, rule_name, entry, from_state, to_state, value, silenced, at FROM alarm_transition
       WHERE ($1::uuid IS NULL OR rule_id = $1) AND ($2::text IS NULL OR entry = $2) AND ($3::bigint IS NULL OR id < $3)
         AND ($5::text IS NULL OR EXISTS (SELECT 1 FROM alarm_rule r WHERE r.id = rule_id AND r.project = $5)
           AND (entry = 'main' OR entry LIKE 'Node: %' OR EXISTS (SELECT 1 FROM job j WHERE j.id = CASE WHEN entry ~ '^[0-9a-f-]{36}$' THEN entry::uuid END AND j.project = $5)))
       ORDER BY id DESC LIMIT $4`,
      [filter.rule_id ?? null, filter.entry ?? null, filter.before ?? null, limit, filter.project ?? null],
    );
  },

  /** Keeps the newest ones. */
  async trimTransitions(sql: Sql, keep: number): Promise<number> {
    return sql.run('DELETE FROM alarm_transition WHERE id <= (SELECT max(id) FROM alarm_transition) - $1', [keep]);
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
    await sql.run('DELETE FROM alarm_silence WHERE ends_at < now() - make_interval(days => $1)', [days]);
  },
};
