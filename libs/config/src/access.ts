import { resolve } from 'node:path';
import { section, type Section } from './section.js';
import { flag, list, text, Unfit, variable, type Variable } from './variable.js';

/** HS256 is as strong as its key: 256 bits at least. */
const LONG = /^.{32,}$/;
const LONG_REMEDY = 'must have at least 32 characters, such as the output of `openssl rand -hex 32`.';

type Open = Variable<readonly string[]>;

/** Parts that may stay open. `parts`: those of dialects; null: they are not known here, and no name is judged. */
function openParts(parts: readonly string[] | null): Open {
  const openable = ['metrics', ...(parts ?? [])];
  return list(
    'DROVER_AUTH_OPEN',
    `some of ${openable.join(', ')}, comma-separated`,
    {
      about: 'Parts that stay open with DROVER_AUTH=oauth2, because their clients have no way to log in.',
      default: [],
      fallback: 'none',
    },
    (item) => {
      if (parts !== null && !openable.includes(item))
        throw new Unfit(`must be a list of ${openable.join(', ')}; "${item}" is none.`);
      return item;
    },
  );
}

const variables = {
  keyFile: variable<string | null>(
    'DROVER_KEY_FILE',
    'a file',
    {
      about:
        'Opens the keys of this installation, which the record holds sealed. Made at the first start; replicas share it. Whoever has the record but not this file can sign and open nothing.',
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
    accepts: 'a text of at least 32 characters',
    matches: LONG,
    remedy: LONG_REMEDY,
  }),
  jwtPreviousKeys: list(
    'DROVER_JWT_PREVIOUS_KEYS',
    'texts of at least 32 characters, comma-separated',
    {
      about:
        'Keys of before: tokens signed with them are still taken. To change the key, put the old one here until its tokens have expired (10 minutes).',
      default: [],
      fallback: 'none',
      secret: true,
    },
    (item) => {
      if (!LONG.test(item)) throw new Unfit(`each key ${LONG_REMEDY}`);
      return item;
    },
  ),
  editEquals: flag('DROVER_EDIT_EQUALS', {
    about:
      'Whether an operator may change another client that is an operator, too. Either way the audit trail says who changed whom. Admins may change every client.',
    default: true,
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
};

/**
 * Tokens, secrets. DROVER_AUTH itself is a setting of the core. `openable`: parts of dialects that may stay open; null:
 * the program knows no dialect.
 */
export const access = (openable: readonly string[] | null): Section<typeof variables & { open: Open }> =>
  section('Access', { open: openParts(openable), ...variables });
