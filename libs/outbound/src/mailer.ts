import type { SentMessageInfo, Transporter } from 'nodemailer';
import { DroverError } from '@drover/domain';

export interface MailServer {
  host: string;
  port: number;
  from: string;
  /** TLS from the first byte (`smtps`). */
  tls: boolean;
  /** Hand nothing over unless the connection could be made TLS (STARTTLS). */
  requireTls: boolean;
  user: string | null;
  password: string | null;
}

interface Mail {
  /** The receiver's address, taken as it is: never a list. */
  to: string;
  subject: string;
  text: string;
  html?: string;
  /** Kept as the Message-ID, so that a mail that is sent twice is seen to be one. */
  id?: string;
}

interface MailAnswer {
  /** Code of the server's answer, such as 250. */
  code: number;
  text: string;
}

export interface Mailer {
  /**
   * Hands one mail to the server.
   *
   * @throws DroverError `invalid` (the server refuses this mail for good; `details.code`), `unavailable` (not now),
   *   `timeout`
   */
  send(mail: Mail): Promise<MailAnswer>;
  close(): void;
}

const CONNECT_MS = 5_000;
const SILENT_MS = 10_000;
/** The time for one mail, from connecting to the last answer. */
const DEADLINE_MS = 20_000;

/** Mail through one server, over at most four connections. The package is loaded with the first mail. */
export function createMailer(server: MailServer): Mailer {
  let opened: Promise<Transporter<SentMessageInfo>> | null = null;
  return {
    async send({ to, subject, text, html, id }) {
      const transport = await (opened ??= openTransport(server));
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(
          () =>
            reject(
              new DroverError(
                'timeout',
                `The mail server ${server.host} did not take the mail within ${DEADLINE_MS} ms.`,
              ),
            ),
          DEADLINE_MS,
        );
      });
      const sent = transport.sendMail({
        from: server.from,
        to: { name: '', address: to },
        subject,
        text,
        ...(html === undefined ? {} : { html }),
        ...(id === undefined ? {} : { messageId: `<${id}@drover>` }),
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
      sent.catch(() => undefined);
      try {
        const { response } = (await Promise.race([sent, late])) as { response?: string };
        return { code: Number.parseInt(response ?? '250', 10) || 250, text: response ?? '' };
      } catch (error) {
        throw translated(error, server.host);
      } finally {
        clearTimeout(timer);
      }
    },
    close: () => {
      opened?.then((transport) => transport.close()).catch(() => undefined);
    },
  };
}

/** Certificates are verified. */
async function openTransport(server: MailServer): Promise<Transporter<SentMessageInfo>> {
  const { createTransport } = await import('nodemailer');
  const transport: Transporter<SentMessageInfo> = createTransport({
    pool: true,
    maxConnections: 4,
    maxMessages: 100,
    host: server.host,
    port: server.port,
    secure: server.tls,
    requireTLS: server.requireTls,
    ...(server.user === null ? {} : { auth: { user: server.user, pass: server.password ?? '' } }),
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  transport.on('error', () => undefined);
  return transport;
}

function translated(error: unknown, host: string): DroverError {
  if (error instanceof DroverError) return error;
  const { responseCode, response, code, message } = error as {
    responseCode?: number;
    response?: string;
    code?: string;
    message?: string;
  };
  const details: Record<string, unknown> = responseCode === undefined ? {} : { code: responseCode };
  if (code === 'ETLS')
    return new DroverError(
      'unavailable',
      `The mail server ${host} cannot be talked to inside TLS (STARTTLS): ${response ?? message ?? ''}`,
      details,
    );
  // 5xx: for good. A failed login is the operator's to mend, and the mail waits for it.
  if (code !== 'EAUTH' && (responseCode === undefined ? code === 'EENVELOPE' : responseCode >= 500)) {
    return new DroverError(
      'invalid',
      `The mail server ${host} refuses the mail: ${response ?? message ?? code ?? ''}`,
      details,
    );
  }
  return new DroverError(
    'unavailable',
    `The mail server ${host} did not take the mail: ${response ?? message ?? code ?? ''}`,
    details,
  );
}
