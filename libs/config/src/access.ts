import { resolve } from 'node:path';
import { section } from './section.js';
import { list, text, Unfit, variable } from './variable.js';

const OPENABLE = ['metrics', 'metric-proxy', 'hpc-events'];

/** Tokens, secrets. DROVER_AUTH itself is a setting of the core. */
export const access = section('Access', {
  open: list('DROVER_AUTH_OPEN', `some of ${OPENABLE.join(', ')}, comma-separated`, { about: 'Parts that stay open with DROVER_AUTH=oauth2, because their clients have no way to log in.', default: [], fallback: 'none' }, (item) => {
    if (!OPENABLE.includes(item)) throw new Unfit(`must be a list of ${OPENABLE.join(', ')}; "${item}" is none.`);
    return item;
  }),
  keyFile: variable<string | null>(
    'DROVER_KEY_FILE',
    'a file',
    {
      about: 'Opens the keys of this installation, which the record holds sealed. Made at the first start; replicas share it. Whoever has the record but not this file can sign and open nothing.',
      default: null,
      fallback: 'instance.key in DROVER_DATA_DIR',
    },
    (value) => resolve(value),
  ),
  jwtSigningKey: text('DROVER_JWT_SIGNING_KEY', {
    about: 'HS256 key of access tokens. Tokens made elsewhere with the same key are as good as those made here.',
    default: null,
    fallback: 'made at the first start and kept in the record, sealed',
    secret: true,
    accepts: 'a text of at least 8 characters',
    matches: /^.{8,}$/,
    remedy: 'must have at least 8 characters, such as the output of `openssl rand -hex 32`.',
  }),
  secretsKey: text('DROVER_SECRETS_KEY', {
    about: 'Key with which stored secrets of clients are sealed.',
    default: null,
    fallback: 'derived from the keys of this installation',
    secret: true,
    accepts: 'a text of at least 16 characters',
    matches: /^.{16,}$/,
    remedy: 'must have at least 16 characters, such as the output of `openssl rand -hex 32`.',
  }),
});
