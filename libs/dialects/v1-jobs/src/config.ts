import { integer, list, section, text, Unfit, variable, type Variable, settingsOf, type Config } from '@drover/config';

/** Upstream's switches are on when they are set to anything at all. */
export const whenSet = (name: string, about: string): Variable<boolean> =>
  variable(name, 'anything: set means on', { about, default: false }, (value) => !/^(0|false|no|off)$/i.test(value));

/** The login that Flux RESTful and HPC Job Observability share; the names are those of Flux. */
export const v1LoginSettings = section('Login of Flux RESTful and HPC observability', {
  requireAuth: whenSet(
    'FLUX_REQUIRE_AUTH',
    'The routes under /v1/jobs and /v1/nodes need a bearer token, the HTML pages HTTP Basic.',
  ),
  user: text('FLUX_USER', {
    about: 'Name of the superuser, and the owner of jobs submitted without a login.',
    default: 'fluxuser',
  }),
  token: text('FLUX_TOKEN', {
    about: 'Password of FLUX_USER. Without it nobody can stop the service over HTTP.',
    default: null,
    secret: true,
  }),
  users: list(
    'FLUX_USERS',
    'name:password, comma-separated; a third part `inactive` locks the user out',
    { about: 'Further users, without the right to stop the service.', default: [], fallback: 'none', secret: true },
    (item) => {
      const [name, password, state] = item.split(':');
      if (!name || !password || (state !== undefined && state !== 'inactive'))
        throw new Unfit('must be a list of name:password or name:password:inactive.');
      return { name, password, active: state === undefined };
    },
  ),
  secretKey: text('FLUX_SECRET_KEY', {
    about: 'HS256 key shared with the clients.',
    default: null,
    fallback: 'a random one',
    secret: true,
    accepts: 'a text of at least 32 characters',
    matches: /^.{32,}$/,
    remedy: 'must have at least 32 characters, such as the output of `openssl rand -hex 32`; the clients get the same.',
  }),
  accessTokenMinutes: integer('FLUX_ACCESS_TOKEN_EXPIRES_MINUTES', {
    about: 'Life of an access token, minutes.',
    default: 600,
    min: 1,
    max: 525_600,
  }),
});

/** The names of that login. */
export function v1Logins(config: Config): string[] {
  const { user, users } = settingsOf(config, v1LoginSettings);
  return [user, ...users.map(({ name }) => name)];
}
