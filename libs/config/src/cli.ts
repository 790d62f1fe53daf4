import { section } from './section.js';
import { text } from './variable.js';

/** Settings that the command line alone reads. */
export const cli = section('Command line', {
  token: text('DROVER_TOKEN', {
    about:
      'Access token of the command line. In a job it is set to the token of its execution. Unset: the login that `drover login` has kept.',
    default: null,
    secret: true,
    accepts: 'a token',
    matches: /^[\x21-\x7e]+$/,
    remedy: 'must be a token as POST /v1/oauth2/token gives it, without spaces.',
  }),
  backupPassphrase: text('DROVER_BACKUP_PASSPHRASE', {
    about:
      'Passphrase with which `drover backup` seals the keys of the installation, and `drover restore` opens them. Unset: they ask for it at a terminal.',
    default: null,
    secret: true,
    accepts: 'a text of at least 12 characters',
    matches: /^.{12,}$/,
    remedy: 'must have at least 12 characters, such as the output of `openssl rand -hex 16`.',
  }),
  enrolToken: text('DROVER_ENROL_TOKEN', {
    about: 'The invitation for `drover enrol`, as `drover nodes invite` prints it.',
    default: null,
    secret: true,
    accepts: 'an invitation',
    matches: /^[\x21-\x7e]+$/,
    remedy: 'must be an invitation as `drover nodes invite` prints it, without spaces.',
  }),
});
