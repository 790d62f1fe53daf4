import { section } from './section.js';
import { integer, pythonFlag, text, Unfit, variable } from './variable.js';

/** The server that mail is handed to, and the sender. */
export interface SmtpTarget {
  host: string;
  port: number;
  /** TLS from the first byte. */
  tls: boolean;
  /** No mail without TLS (STARTTLS). */
  requireTls: boolean;
  user: string | null;
  password: string | null;
}

const FORM = 'smtp://[user:password@]host[:25] (?starttls=required), or smtps:// for TLS from the first byte';

function parseSmtp(value: string): SmtpTarget {
  const fault = new Unfit(`must be ${FORM}.`);
  if (!/^smtps?:\/\/[^/]/i.test(value) || !URL.canParse(value)) throw fault;
  const url = new URL(value);
  const tls = url.protocol === 'smtps:';
  const starttls = url.searchParams.get('starttls');
  if (url.hostname === '' || url.pathname.length > 1 || (starttls !== null && starttls !== 'required')) throw fault;
  const word = (part: string): string | null => (part === '' ? null : decodeURIComponent(part));
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || (tls ? 465 : 25)),
    tls,
    requireTls: starttls === 'required',
    user: word(url.username),
    password: word(url.password),
  };
}

/** Mail of alarms and of dialects. The variables without our prefix are fastlane's names for the same. */
export const mail = section(
  'Mail',
  {
    smtp: variable<SmtpTarget | null>(
      'DROVER_SMTP_URL',
      FORM,
      { about: 'Server that mail is handed to. Unset: the one of SMTP_HOST, if any.', default: null, secret: true },
      parseSmtp,
    ),
    from: text('DROVER_MAIL_FROM', {
      about: 'Sender of mail. Needed with DROVER_SMTP_URL.',
      default: null,
      accepts: 'an address, or Name <address>',
      matches: /^[^\r\n]{3,300}$/,
      remedy: 'must be an address, such as drover@example.org.',
    }),
    smtpHost: text('SMTP_HOST', {
      about: 'Server that mail notices are handed to. Without host, port and sender there are none.',
      default: null,
    }),
    smtpPort: integer('SMTP_PORT', { about: 'Port of the mail server.', default: null, min: 1, max: 65_535 }),
    smtpFrom: text('SMTP_FROM', { about: 'Sender of mail notices.', default: null }),
    smtpStartTls: pythonFlag('SMTP_USE_SSL', 'Hand mail over inside TLS (STARTTLS).', false),
    smtpUser: text('SMTP_USER', { about: 'Login at the mail server.', default: null }),
    smtpPassword: text('SMTP_PASSWORD', { about: 'Password at the mail server.', default: null, secret: true }),
  },
  (values, env, problems) => {
    if (values.smtp === null || values.from !== null) return;
    problems.push({
      variable: 'DROVER_MAIL_FROM',
      value: env['DROVER_MAIL_FROM'] ?? '',
      remedy: 'is missing: DROVER_SMTP_URL needs a sender, such as drover@example.org.',
    });
  },
);
