import type { AlarmEnd } from '@drover/domain';

/** The fields of a rule, as they are read from JSON. */
const RULE_TYPES = `id uuid, name text, target_kind text, target text, metric text, operator text, threshold float8,
    clear_threshold float8, for_s float8, keep_for_s float8, no_data text, severity text, labels jsonb,
    annotations jsonb, group_by text[], repeat_s float8, actions jsonb, enabled boolean, owner text, project text`;
const RULE_FIELDS = RULE_TYPES.split(',').map((part) => part.trim().split(' ')[0] as string);
const RULE_COLUMNS = [...RULE_FIELDS, 'created_at', 'updated_at'];
/** Whoever changes an alarm, it stays whose it was. */
const CHANGED_FIELDS = RULE_FIELDS.filter((field) => !['id', 'owner', 'project'].includes(field));

/** Other than before when a rule or a silence was made, changed or deleted. */
export const SIGNATURE = `SELECT
    (SELECT count(*) || '.' || coalesce(sum(version), 0) FROM alarm_rule)
    || '/' ||
    (SELECT count(*) || '.' || coalesce(sum(version), 0) FROM alarm_silence) AS signature`;

/** Makes the rule of $1 (JSON) unless its target has one of that name. */
export const INSERT_RULE = `INSERT INTO alarm_rule (${RULE_FIELDS.join(', ')})
  SELECT ${RULE_FIELDS.join(', ')}
  FROM jsonb_to_record($1::jsonb) AS r(${RULE_TYPES})
  ON CONFLICT (target_kind, md5(target), md5(name)) WHERE NOT ended DO NOTHING
  RETURNING ${RULE_COLUMNS.join(', ')}`;

/** Replaces a rule by that of $1 (JSON) with the same id. */
export const UPDATE_RULE = `UPDATE alarm_rule
  SET ${CHANGED_FIELDS.map((field) => `${field} = r.${field}`).join(', ')},
    updated_at = now(),
    version = nextval('alarm_version')
  FROM jsonb_to_record($1::jsonb) AS r(${RULE_TYPES})
  WHERE alarm_rule.id = r.id
    AND NOT alarm_rule.ended
  RETURNING ${RULE_COLUMNS.map((column) => `alarm_rule.${column}`).join(', ')}`;

/** Deletes rules, and writes the last transition of the states (`closed`) that go with them, with its reason. */
const deleteRules = (these: string, reason: AlarmEnd, closed = these): string => `WITH closed AS (
    INSERT INTO alarm_transition (rule_id, rule_name, entry, from_state, to_state, value, at, ended_by)
    SELECT r.id, r.name, s.entry, s.state, 'inactive', s.value, now(), '${reason}'
    FROM alarm_state s
    JOIN alarm_rule r ON r.id = s.rule_id
    WHERE ${closed}
  )
  DELETE FROM alarm_rule r
  WHERE ${these}`;

/** Deletes the rule of this id ($1). */
export const DELETE_RULE = deleteRules('r.id = $1 AND NOT r.ended', 'deleted', 'r.id = $1');

/** Deletes the rule about the entry $1 with the name $2. */
export const DELETE_BY_NAME = deleteRules(
  `r.target_kind = 'entry' AND r.target = $1 AND r.name = $2 AND NOT r.ended`,
  'deleted',
);

const OF_ENTRIES = `r.target_kind = 'entry' AND r.target = ANY($1::text[]) AND NOT r.ended`;
const IS_TOLD = `EXISTS (SELECT 1 FROM alarm_state t WHERE t.rule_id = r.id AND t.told_at IS NOT NULL)`;

/** Deletes the rules about these entries ($1) of which nobody was told. */
export const DELETE_UNTOLD_OF_ENTRIES = deleteRules(`${OF_ENTRIES} AND NOT ${IS_TOLD}`, 'gone');

/** Takes the rules about these entries ($1) out of sight; what was told of them is yet to be called off. */
export const END_OF_ENTRIES = `UPDATE alarm_rule r
  SET ended = true,
    enabled = false,
    version = nextval('alarm_version')
  WHERE ${OF_ENTRIES}`;

/** Deletes rules out of sight that have nothing left to tell. */
export const DELETE_ENDED = `DELETE FROM alarm_rule r
  WHERE ended
    AND NOT EXISTS (SELECT 1 FROM alarm_state s WHERE s.rule_id = r.id)`;

/** Makes or replaces the states of $1 (a JSON list); those of rules that are no more are left out. */
export const PUT_STATES = `INSERT INTO alarm_state (rule_id, entry, state, active_at, fired_at, keep_since, value,
    told_at, told_labels)
  SELECT r.rule_id, r.entry, r.state, r.active_at, r.fired_at, r.keep_since, r.value, r.told_at, r.told_labels
  FROM jsonb_to_recordset($1::jsonb) AS r(rule_id uuid, entry text, state text, active_at timestamptz,
    fired_at timestamptz, keep_since timestamptz, value float8, told_at timestamptz, told_labels jsonb)
  JOIN alarm_rule ON alarm_rule.id = r.rule_id
  ON CONFLICT (rule_id, entry) DO UPDATE
    SET state = excluded.state,
      active_at = excluded.active_at,
      fired_at = excluded.fired_at,
      keep_since = excluded.keep_since,
      value = excluded.value,
      told_at = excluded.told_at,
      told_labels = excluded.told_labels`;

/** Deletes the states of rules ($1) at entries ($2); a list for each. */
export const DELETE_STATES = `DELETE FROM alarm_state
  USING unnest($1::uuid[], $2::text[]) AS k(rule_id, entry)
  WHERE alarm_state.rule_id = k.rule_id
    AND alarm_state.entry = k.entry`;

/** Writes the transitions of $1 (a JSON list). */
export const INSERT_TRANSITIONS = `INSERT INTO alarm_transition (rule_id, rule_name, entry, from_state, to_state,
    value, silenced, at, ended_by)
  SELECT *
  FROM jsonb_to_recordset($1::jsonb) AS r(rule_id uuid, rule_name text, entry text, from_state text, to_state text,
    value float8, silenced boolean, at timestamptz, ended_by text)`;

/** The id of the job that an entry of a transition (`t`) is; null: it is none of ours. */
const JOB_OF_ENTRY = `CASE WHEN t.entry ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN t.entry::uuid END`;

/** Whether a project (null: any) may see a transition (`t`). */
const seenBy = (project: string): string => `(
      ${project}::text IS NULL
      OR EXISTS (SELECT 1 FROM alarm_rule r WHERE r.id = t.rule_id AND r.project = ${project})
        AND (
          t.entry = 'main'
          OR t.entry LIKE 'Node: %'
          OR EXISTS (SELECT 1 FROM job j WHERE j.id = ${JOB_OF_ENTRY} AND j.project = ${project})
        )
    )`;

/** Transitions (`t`) before the one of the id $3 (null: all), of a rule ($1, null: any) and an entry ($2, null: any). */
const ASKED = `($1::uuid IS NULL OR t.rule_id = $1)
    AND ($2::text IS NULL OR t.entry = $2)
    AND ($3::bigint IS NULL OR t.id < $3)
    AND ${seenBy('$5')}`;

/**
 * Transitions before the one of the id $3 (null: all), newest first, at most $4: of a rule ($1, null: any), of an entry
 * ($2, null: any), and of what a project ($5, null: any) may see.
 */
export const TRANSITIONS = `SELECT t.id, t.rule_id, t.rule_name, t.entry, t.from_state, t.to_state, t.value,
    t.silenced, t.at, t.ended_by
  FROM alarm_transition t
  WHERE ${ASKED}
  ORDER BY t.id DESC
  LIMIT $4`;

/** The firings of the same transitions as in {@link TRANSITIONS}, with their ends and their jobs. */
export const FIRINGS = `SELECT t.id, t.rule_id, t.rule_name, t.entry, t.value, t.silenced, t.at AS fired_at,
    e.at AS ended_at, e.ended_by, j.name AS job_name, j.state AS job_state
  FROM (
    SELECT *
    FROM alarm_transition t
    WHERE t.to_state = 'firing'
      AND ${ASKED}
    ORDER BY t.id DESC
    LIMIT $4
  ) t
  LEFT JOIN LATERAL (
    SELECT e.at, e.ended_by
    FROM alarm_transition e
    WHERE e.entry = t.entry
      AND e.rule_id = t.rule_id
      AND e.id > t.id
      AND e.from_state = 'firing'
    ORDER BY e.id
    LIMIT 1
  ) e ON true
  LEFT JOIN job j ON j.id = ${JOB_OF_ENTRY}
  ORDER BY t.id DESC`;

/** When each of the rules $1 fired last, as far as a project ($2, null: any) may see. */
export const LAST_FIRED = `SELECT r.id, t.at
  FROM unnest($1::uuid[]) AS r(id)
  CROSS JOIN LATERAL (
    SELECT t.at
    FROM alarm_transition t
    WHERE t.rule_id = r.id
      AND t.to_state = 'firing'
      AND ${seenBy('$2')}
    ORDER BY t.id DESC
    LIMIT 1
  ) t`;

/** Forgets all transitions but the newest $1. */
export const TRIM_TRANSITIONS = `DELETE FROM alarm_transition
  WHERE id <= (SELECT max(id) FROM alarm_transition) - $1`;

/** Forgets silences that ended more than $1 days ago. */
export const FORGET_SILENCES = `DELETE FROM alarm_silence
  WHERE ends_at < now() - make_interval(days => $1)`;
