const ROWS = 'SELECT, INSERT, UPDATE, DELETE';

/** A name as SQL. */
export const ident = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Whether our own login may do everything on the server. */
export const IS_SUPERUSER = `SELECT rolsuper AS superuser
  FROM pg_roles
  WHERE rolname = current_user`;

/** Whether our own login may make others, and in which database we are. */
export const MAY_MAKE_LOGINS = `SELECT current_database() AS db, rolcreaterole OR rolsuper AS can
  FROM pg_roles
  WHERE rolname = current_user`;

/** One row when there is a login of this name ($1). */
export const LOGIN = `SELECT 1
  FROM pg_roles
  WHERE rolname = $1`;

/** The logins of this name ($1), and those whose names begin with it and an underscore. */
export const LOGINS_OF = `SELECT rolname
  FROM pg_roles
  WHERE rolname = $1
    OR rolname LIKE $1 || '\\_%'`;

/** Schema and database of this connection, and whether there is the schema $1. */
export const PLACE = `SELECT current_schema() AS schema, current_database() AS database,
    to_regnamespace($1) IS NOT NULL AS tickets`;

const MAY_NOTHING = 'LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE';

/** Makes a login that may nothing yet, or gives the one that is there its password. */
export const makeLogin = (name: string, password: string, options: { known: boolean }): string =>
  `${options.known ? 'ALTER' : 'CREATE'} ROLE ${ident(name)} ${MAY_NOTHING} PASSWORD ${literal(password)}`;

/** Closes a login. */
export const closeLogin = (name: string): string => `ALTER ROLE ${ident(name)} NOLOGIN PASSWORD NULL`;

/** Lets a login into a database. */
export const letIn = (login: string, database: string): string =>
  `GRANT CONNECT ON DATABASE ${ident(database)} TO ${ident(login)}`;

/** Keeps a login from changing which migrations were applied. */
export const keepMigrations = (login: string, schema: string): string =>
  `REVOKE INSERT, UPDATE, DELETE ON ${ident(schema)}.migration FROM ${ident(login)}`;

const RIGHTS = [
  ['TABLES', ROWS],
  ['SEQUENCES', 'USAGE, SELECT, UPDATE'],
  ['FUNCTIONS', 'EXECUTE'],
] as const;

/** Lets a login read and write the rows of a schema; `later`: also of what the owner makes there later on. */
export const grantRows = (login: string, schema: string, options: { later: boolean }): string[] => {
  const [inSchema, to] = [`IN SCHEMA ${ident(schema)}`, `TO ${ident(login)}`];
  return [
    `GRANT USAGE ON SCHEMA ${ident(schema)} ${to}`,
    ...RIGHTS.flatMap(([kind, words]) => [
      `GRANT ${words} ON ALL ${kind} ${inSchema} ${to}`,
      ...(options.later ? [`ALTER DEFAULT PRIVILEGES ${inSchema} GRANT ${words} ON ${kind} ${to}`] : []),
    ]),
  ];
};
