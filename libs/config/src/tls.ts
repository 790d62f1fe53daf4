import { resolve } from 'node:path';
import { section } from './section.js';
import { variable } from './variable.js';

const file = (name: string, about: string) =>
  variable<string | null>(name, 'a file', { about, default: null, fallback: 'none' }, (value) => resolve(value));

/** Certificates: the one that the API shows, and those that worker and command line trust. */
export const tls = section(
  'TLS',
  {
    cert: file(
      'DROVER_TLS_CERT',
      'The certificate with which the API speaks TLS, PEM, followed by those between it and its authority. Read again when it has changed, without a restart. Needs DROVER_TLS_KEY.',
    ),
    key: file('DROVER_TLS_KEY', 'The private key of that certificate, PEM, readable for the user of the API alone.'),
    ca: file(
      'DROVER_CA',
      'Certificates of authorities, PEM, that the worker and the command line trust beside those of Node.js: for an API whose certificate comes from an authority of your own.',
    ),
  },
  ({ cert, key }, _env, problems) => {
    if ((cert === null) === (key === null)) return;
    const [missing, other] =
      cert === null ? ['DROVER_TLS_CERT', 'DROVER_TLS_KEY'] : ['DROVER_TLS_KEY', 'DROVER_TLS_CERT'];
    problems.push({
      variable: missing,
      value: '',
      remedy: `is needed beside ${other}: name its file, or unset ${other}.`,
    });
  },
);
