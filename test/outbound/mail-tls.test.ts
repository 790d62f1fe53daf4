import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { PROJECT } from '../support/built.js';
import { makeCertificate } from '../support/certificate.js';
import { MailServer, type MailTls } from '../support/mail-server.js';

const LOGIN = { user: 'broker', password: 'sesame' };
const MAIL = { to: 'a@example.org', subject: 'told', text: 'in private' };

let folder: string;
let paths: { key: string; certificate: string };
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'drover-mail-tls-'));
  paths = await makeCertificate(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function server(from: MailTls['from'] | null): Promise<MailServer> {
  const tls =
    from === null
      ? null
      : { from, key: readFileSync(paths.key, 'utf8'), certificate: readFileSync(paths.certificate, 'utf8') };
  const mails = await MailServer.start(LOGIN, tls);
  onTestFinished(() => mails.stop());
  return mails;
}

/**
 * The built mailer in a process of its own, since the authorities that a process knows are read at its start. What came
 * of it: `250`, or the error's code and text.
 */
async function send(mails: MailServer, options: { tls: boolean; requireTls: boolean }, known = true): Promise<string> {
  const script = `
    const { createMailer } = await import(${JSON.stringify(pathToFileURL(join(PROJECT, 'dist/libs/outbound/src/index.js')).href)});
    const mailer = createMailer(${JSON.stringify({ host: 'localhost', port: mails.port, from: 'drover@example.org', ...options, ...LOGIN })});
    const outcome = await mailer.send(${JSON.stringify(MAIL)}).then(({ code }) => String(code), (error) => error.code + ': ' + error.message);
    mailer.close();
    process.stdout.write(outcome);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    timeout: 40_000,
    env: known ? { NODE_EXTRA_CA_CERTS: paths.certificate } : {},
  });
  return stdout;
}

describe('mail over TLS', () => {
  it('is handed over with a login inside TLS from the first byte', async () => {
    const mails = await server('first byte');
    expect(await send(mails, { tls: true, requireTls: false })).toBe('250');
    expect(mails.received).toMatchObject([{ to: [MAIL.to], secure: true }]);
  });

  it('is handed over with a login after STARTTLS', async () => {
    const mails = await server('STARTTLS');
    expect(await send(mails, { tls: false, requireTls: true })).toBe('250');
    expect(mails.received).toMatchObject([{ to: [MAIL.to], secure: true }]);
  });

  it('stays here when TLS is asked for and the server has none', async () => {
    const mails = await server(null);
    expect(await send(mails, { tls: false, requireTls: true })).toMatch(/^unavailable: .*STARTTLS/);
    expect(mails.received).toEqual([]);
  });

  it('stays here when nobody known vouches for the certificate', async () => {
    for (const [from, tls] of [
      ['first byte', true],
      ['STARTTLS', false],
    ] as const) {
      const mails = await server(from);
      expect(await send(mails, { tls, requireTls: !tls }, false)).toMatch(/^unavailable: .*self-signed/);
      expect(mails.received).toEqual([]);
    }
  });
});
