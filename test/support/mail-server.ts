import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  from: string;
  to: string[];
  /** Header lines, unfolded. */
  headers: Record<string, string>;
  raw: string;
  /** True: the mail came inside TLS. */
  secure: boolean;
}

/** Contents of PEM files, and when TLS begins. */
export interface MailTls {
  key: string;
  certificate: string;
  from: 'first byte' | 'STARTTLS';
}

/** A real SMTP server that answers as it is told and keeps what it took. */
export class MailServer {
  readonly received: ReceivedMail[] = [];
  /** Codes with which the next recipients are refused. */
  refusals: number[] = [];
  private readonly server: SMTPServer;

  private constructor(login: { user: string; password: string } | null, tls: MailTls | null) {
    this.server = new SMTPServer({
      authOptional: login === null,
      // A login in the open is none where TLS can be had.
      ...(tls === null
        ? { disabledCommands: ['STARTTLS'] }
        : { secure: tls.from === 'first byte', key: tls.key, cert: tls.certificate }),
      allowInsecureAuth: tls === null,
      onAuth: (auth, _, done) =>
        auth.username === login?.user && auth.password === login?.password
          ? done(null, { user: auth.username })
          : done(new Error('wrong login')),
      onRcptTo: (_, __, done) => {
        const code = this.refusals.shift();
        done(code === undefined ? undefined : Object.assign(new Error(`refused with ${code}`), { responseCode: code }));
      },
      onData: (stream, { envelope, secure }, done) => {
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => parts.push(part));
        stream.on('end', () => {
          const raw = Buffer.concat(parts).toString('utf8');
          const head = raw.slice(0, raw.indexOf('\r\n\r\n')).replaceAll(/\r\n[ \t]+/g, ' ');
          const headers = Object.fromEntries(
            head
              .split('\r\n')
              .map((line) => [
                line.slice(0, line.indexOf(':')).toLowerCase(),
                line.slice(line.indexOf(':') + 1).trim(),
              ]),
          );
          this.received.push({
            from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
            to: envelope.rcptTo.map((one) => one.address),
            headers,
            raw,
            secure,
          });
          done();
        });
      },
    });
    this.server.on('error', () => undefined);
  }

  static async start(
    login: { user: string; password: string } | null = null,
    tls: MailTls | null = null,
  ): Promise<MailServer> {
    const mails = new MailServer(login, tls);
    await new Promise<void>((resolve) => mails.server.listen(0, '127.0.0.1', resolve));
    return mails;
  }

  get port(): number {
    return (this.server.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}
