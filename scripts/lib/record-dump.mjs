/**
 * Writes a record as plain SQL statements, schema and rows, without a program beside Node: pg_dump is no part of npm's
 * Postgres, and refuses a server that is newer than itself. It knows what Drover's migrations use; anything else it
 * refuses, so that nothing is left out silently.
 */

/** Kinds of objects in the schema that this dump cannot write. */
const UNKNOWN = `SELECT 'view ' || relname AS what FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm', 'f')
  UNION ALL SELECT 'type ' || typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd', 'r')
  UNION ALL SELECT 'policy ' || polname FROM pg_policy
  UNION ALL SELECT 'rule ' || rulename FROM pg_rules WHERE schemaname = 'public'`;

const SEQUENCES = `SELECT c.relname AS name, s.last_value, s.start_value,
    (SELECT d.deptype FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('i', 'a')) AS kind,
    (SELECT format('%I.%I', t.relname, a.attname) FROM pg_depend d
      JOIN pg_class t ON t.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
      WHERE d.objid = c.oid AND d.deptype = 'a') AS owner
  FROM pg_class c JOIN pg_sequences s ON s.schemaname = 'public' AND s.sequencename = c.relname
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'S' ORDER BY 1`;

const FUNCTIONS = `SELECT pg_get_functiondef(oid) AS definition FROM pg_proc
  WHERE pronamespace = 'public'::regnamespace AND prokind = 'f' ORDER BY proname`;

const TABLES = `SELECT c.oid::int AS oid, c.relname AS name, c.relkind AS kind, c.reloptions AS options,
    pg_get_partkeydef(c.oid) AS key, pg_get_expr(c.relpartbound, c.oid) AS bound, i.inhparent::regclass::text AS parent
  FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
  ORDER BY c.relispartition, c.relname`;

const COLUMNS = `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS filled,
    a.attidentity AS identity, a.attgenerated AS generated, pg_get_expr(d.adbin, d.adrelid) AS value
  FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`;

const CONSTRAINTS = `SELECT conrelid::regclass::text AS on_table, conname AS name, pg_get_constraintdef(oid) AS definition
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'u', 'c', 'f') AND conparentid = 0 AND conislocal
  ORDER BY contype = 'f', conrelid::regclass::text, conname`;

const INDEXES = `SELECT pg_get_indexdef(i.indexrelid) AS definition FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
  WHERE c.relnamespace = 'public'::regnamespace AND NOT c.relispartition
    AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u')) ORDER BY c.relname`;

const TRIGGERS = `SELECT pg_get_triggerdef(oid) AS definition FROM pg_trigger
  WHERE NOT tgisinternal AND tgparentid = 0 AND tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace) ORDER BY tgname`;

const quoted = (name) => `"${name.replaceAll('"', '""')}"`;

/**
 * The record at one moment, while it is served. `client` is a connected client of `pg`. Ids of transactions are written
 * small: those of the server that the dump is loaded into are greater, as they were where it was made.
 */
export async function dumpRecord(client) {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    // Names in definitions are written without the schema.
    await client.query(`SET LOCAL search_path = public; SET LOCAL timezone = 'UTC'; SET LOCAL extra_float_digits = 1`);
    const rows = async (text, values) => (await client.query(text, values)).rows;
    const unknown = await rows(UNKNOWN);
    if (unknown.length > 0) throw new Error(`The dump cannot write ${unknown.map(({ what }) => what).join(', ')}.`);
    const tables = await rows(TABLES);
    for (const table of tables) table.columns = await rows(COLUMNS, [table.oid]);
    const sequences = await rows(SEQUENCES);
    const small = await smallIds(rows, tables);
    const lines = [
      'SET check_function_bodies = false;',
      // An identity makes its own.
      ...sequences.filter(({ kind }) => kind !== 'i').map(({ name }) => `CREATE SEQUENCE ${quoted(name)};`),
      ...(await rows(FUNCTIONS)).map(({ definition }) => `${definition.trimEnd()};`),
      ...tables.map(tableOf),
    ];
    const counts = {};
    for (const table of tables.filter(({ kind }) => kind === 'r')) {
      const written = await rowsOf(rows, table, small);
      counts[table.name] = written.length;
      lines.push(...written);
    }
    for (const { on_table: table, name, definition } of await rows(CONSTRAINTS))
      lines.push(`ALTER TABLE ${table} ADD CONSTRAINT ${quoted(name)} ${definition};`);
    for (const { definition } of await rows(INDEXES)) lines.push(`${definition};`);
    for (const { definition } of await rows(TRIGGERS)) lines.push(`${definition};`);
    for (const { name, owner } of sequences)
      if (owner !== null) lines.push(`ALTER SEQUENCE ${quoted(name)} OWNED BY ${owner};`);
    for (const { name, last_value: last } of sequences)
      if (last !== null) lines.push(`SELECT setval('${quoted(name)}', ${last});`);
    return { sql: `${lines.join('\n')}\n`, counts };
  } finally {
    await client.query('ROLLBACK');
  }
}

function tableOf({ name, kind, options, key, bound, parent, columns }) {
  const storage = options === null ? '' : ` WITH (${options.join(', ')})`;
  if (bound !== null) return `CREATE TABLE ${quoted(name)} PARTITION OF ${parent} ${bound}${storage};`;
  const list = columns.map(({ name: column, type, filled, identity, generated, value }) => {
    if (generated !== '') return `${quoted(column)} ${type} GENERATED ALWAYS AS (${value}) STORED`;
    const made = identity === '' ? '' : ` GENERATED ${identity === 'a' ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY`;
    return `${quoted(column)} ${type}${value === null ? '' : ` DEFAULT ${value}`}${filled ? ' NOT NULL' : ''}${made}`;
  });
  const partitions = kind === 'p' ? ` PARTITION BY ${key}` : '';
  return `CREATE TABLE ${quoted(name)} (\n  ${list.join(',\n  ')}\n)${partitions}${storage};`;
}

/** Ids of transactions, each with its place among all of them; the first transactions of a server have those numbers. */
async function smallIds(rows, tables) {
  const all = new Set();
  for (const { name, kind, columns } of tables)
    for (const column of kind === 'r' ? columns.filter(({ type }) => type === 'xid8') : [])
      for (const { id } of await rows(`SELECT DISTINCT ${quoted(column.name)}::text AS id FROM ${quoted(name)}`))
        all.add(id);
  const sorted = [...all].filter((id) => id !== null).toSorted((a, b) => Number(BigInt(a) - BigInt(b)));
  // The numbers 0 to 2 mean something else to Postgres.
  return new Map(sorted.map((id, at) => [id, String(at + 3)]));
}

/** A statement a row, in the order of the table's pages. */
async function rowsOf(rows, { name, columns }, small) {
  const written = columns.filter(({ generated }) => generated === '');
  const names = written.map((column) => quoted(column.name));
  const values = written.map((column, at) => `${quoted(column.name)}::text AS v${at}`);
  const head = `INSERT INTO ${quoted(name)} (${names.join(', ')}) OVERRIDING SYSTEM VALUE VALUES (`;
  return (await rows(`SELECT ${values.join(', ')} FROM ${quoted(name)}`)).map((row) => {
    const list = written.map(({ type }, at) => {
      const value = row[`v${at}`];
      if (value === null) return 'NULL';
      return `'${(type === 'xid8' ? (small.get(value) ?? value) : value).replaceAll("'", "''")}'`;
    });
    return `${head}${list.join(', ')});`;
  });
}
