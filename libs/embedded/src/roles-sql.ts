/** Schemas that are not Postgres's own. */
const OURS = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;
/** A condition that leaves out objects that an extension brought along: they stay its own. */
const NO_EXTENSION = (catalog: string): string =>
  `NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${catalog}'::regclass AND e.objid = o.oid AND e.deptype = 'e')`;

/**
 * Statements that give everything in a database that the superuser made (as earlier versions did) to another role.
 * Postgres refuses REASSIGN OWNED for the role it was set up with, so each object is named. Sequences of columns and
 * types of tables follow their tables.
 */
export function assignOwner(owner: string): string[] {
  const each = (select: string, alter: string): string =>
    `DO $$ DECLARE item record; BEGIN FOR item IN ${select} LOOP EXECUTE format('${alter}', item.kind, item.name, '${owner}'); END LOOP; END $$`;
  return [
    each(
      `SELECT 'SCHEMA' AS kind, quote_ident(n.nspname) AS name FROM pg_namespace n WHERE ${OURS} AND n.nspname <> 'public'`,
      'ALTER %s %s OWNER TO %I',
    ),
    each(
      `SELECT CASE o.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END AS kind, o.oid::regclass::text AS name
         FROM pg_class o JOIN pg_namespace n ON n.oid = o.relnamespace WHERE o.relkind IN ('r', 'p', 'v', 'm') AND ${OURS} AND ${NO_EXTENSION('pg_class')}`,
      'ALTER %s %s OWNER TO %I',
    ),
    each(
      `SELECT 'SEQUENCE' AS kind, o.oid::regclass::text AS name FROM pg_class o JOIN pg_namespace n ON n.oid = o.relnamespace
        WHERE o.relkind = 'S' AND ${OURS} AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = o.oid AND d.deptype IN ('a', 'i'))`,
      'ALTER %s %s OWNER TO %I',
    ),
    each(
      `SELECT 'ROUTINE' AS kind, o.oid::regprocedure::text AS name FROM pg_proc o JOIN pg_namespace n ON n.oid = o.pronamespace WHERE ${OURS} AND ${NO_EXTENSION('pg_proc')}`,
      'ALTER %s %s OWNER TO %I',
    ),
    each(
      `SELECT 'TYPE' AS kind, o.oid::regtype::text AS name FROM pg_type o JOIN pg_namespace n ON n.oid = o.typnamespace
        WHERE ${OURS} AND ${NO_EXTENSION('pg_type')} AND (o.typtype IN ('e', 'd', 'r') OR (o.typtype = 'c' AND EXISTS (SELECT FROM pg_class c WHERE c.oid = o.typrelid AND c.relkind = 'c')))`,
      'ALTER %s %s OWNER TO %I',
    ),
  ];
}
