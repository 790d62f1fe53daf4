import { section } from './section.js';
import { text } from './variable.js';

/** Tokens, secrets. DROVER_AUTH itself is a setting of the core. */
export const access = section('Access', {
  jwtSigningKey: text('DROVER_JWT_SIGNING_KEY', {
    about: 'HS256 key of access tokens. Tokens made elsewhere with the same key are as good as those made here.',
    default: null,
    fallback: 'made at the first start and kept in the record',
    secret: true,
    accepts: 'a text of at least 8 characters',
    matches: /^.{8,}$/,
    remedy: 'must have at least 8 characters, such as the output of `openssl rand -hex 32`.',
  }),
  secretsKey: text('DROVER_SECRETS_KEY', {
    about: 'Key with which stored secrets of clients are sealed. Without it a copy of the database is enough to open them.',
    default: null,
    fallback: 'derived from a key kept in the record',
    secret: true,
    accepts: 'a text of at least 16 characters',
    matches: /^.{16,}$/,
    remedy: 'must have at least 16 characters, such as the output of `openssl rand -hex 32`.',
  }),
});
