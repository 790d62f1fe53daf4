/** The fields of the filter of jobs whose values are known from jobs alone, each with the values of a job `j`. */
const VALUES = {
  owner: 'j.owner',
  tag: 'unnest(j.tags)',
  exit: `CASE WHEN j.exit_code >= 0 THEN j.exit_code::text END`,
  dialect: 'j.dialect',
  name: 'j.name',
} as const;

export const VALUED_FIELDS = Object.keys(VALUES) as readonly ValuedField[];
export type ValuedField = keyof typeof VALUES;

/** The newest jobs that are looked at. */
const MOST_LOOKED_AT = 20_000;

const COLUMNS: Readonly<Record<ValuedField, string>> = {
  owner: 'owner',
  tag: 'tags',
  exit: 'exit_code',
  dialect: 'dialect',
  name: 'name',
};

/**
 * The values of a field among the newest jobs of a project ($1, null: any) that hold a text ($2, a pattern of LIKE), at
 * most $3: those of the most jobs first. Upper and lower case are the same.
 */
export const filterValues = (field: ValuedField): string => `SELECT value, count(*)::int AS jobs
  FROM (
    SELECT ${VALUES[field]} AS value
    FROM (
      SELECT ${COLUMNS[field]}
      FROM job
      WHERE $1::text IS NULL
        OR project = $1
      ORDER BY seq DESC
      LIMIT ${MOST_LOOKED_AT}
    ) j
  ) known
  WHERE value ILIKE $2
  GROUP BY value
  ORDER BY jobs DESC, value
  LIMIT $3`;
