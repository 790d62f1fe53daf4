import { section } from '../section.js';
import { integer, list, oneOf, text, Unfit, variable, type Variable } from '../variable.js';

/** Upstream's switches are on when they are set to anything at all. */
const whenSet = (name: string, about: string): Variable<boolean> =>
  variable(name, 'anything: set means on', { about, default: false }, (value) => !/^(0|false|no|off)$/i.test(value));

/** The Flux RESTful dialect; upstream's own names, so that its deployments' environment files fit. */
export const flux = section('Flux RESTful', {
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
  numberNodes: integer('FLUX_NUMBER_NODES', {
    about: 'Nodes a job may ask for, where fewer workers are connected at the moment.',
    default: 1,
    min: 1,
    max: 100_000,
  }),
  hasGpus: whenSet('FLUX_HAS_GPUS', 'gpus_per_task is accepted although no connected worker has a GPU at the moment.'),
  optionFlags: text('FLUX_OPTION_FLAGS', { about: 'Shell options of jobs that name none: k=v,k2=v2.', default: null }),
  serverMode: oneOf('FLUX_SERVER_MODE', ['single-user', 'multi-user'], {
    about:
      'multi-user: the authenticated user owns the job. The processes run as the user of the worker in both modes.',
    default: 'single-user',
  }),
  queue: text('DROVER_FLUX_QUEUE', { about: 'Queue of jobs submitted through this API.', default: 'default' }),
});
