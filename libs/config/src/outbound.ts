import { section } from './section.js';
import { list, seconds, text, Unfit, variable } from './variable.js';


/** A mail server as DROVER_SMTP_URL names it. */
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
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || (tls ? 465 : 25)), tls, requireTls: starttls === 'required', user: word(url.username), password: word(url.password) };
}

const NETWORK = /^(public|private|loopback|[0-9a-fA-F:.]+(\/\d{1,3})?)$/;

/** Calls to addresses that clients name. */
export const outbound = section('Outbound', {
  webhookNetworks: list(
    'DROVER_WEBHOOK_NETWORKS',
    'public, private, loopback, or networks such as 10.0.0.0/8, comma-separated',
    { about: 'Networks webhooks may be sent to. Link-local and metadata addresses are never contacted.', default: ['public'] },
    (item) => {
      if (!NETWORK.test(item)) throw new Unfit(`must be a list of public, private, loopback and networks such as 10.0.0.0/8; "${item}" is none.`);
      return item;
    },
  ),
  webhookTimeoutS: seconds('DROVER_WEBHOOK_TIMEOUT', { about: 'Longest wait for the answer to one try of a webhook.', default: 10, min: 0.1, max: 20 }),
  smtp: variable<SmtpTarget | null>('DROVER_SMTP_URL', FORM, { about: 'Server that mail is handed to. Unset: the one of SMTP_HOST, if any.', default: null, secret: true }, parseSmtp),
  mailFrom: text('DROVER_MAIL_FROM', { about: 'Sender of mail. Needed with DROVER_SMTP_URL.', default: null, accepts: 'an address, or Name <address>', matches: /^[^\r\n]{3,300}$/, remedy: 'must be an address, such as drover@example.org.' }),
}, (values, env, problems) => {
  if (values.smtp && values.mailFrom === null) problems.push({ variable: 'DROVER_MAIL_FROM', value: env['DROVER_MAIL_FROM'] ?? '', remedy: 'is missing: DROVER_SMTP_URL needs a sender, such as drover@example.org.' });
});
