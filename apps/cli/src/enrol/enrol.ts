import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { availableParallelism, homedir } from 'node:os';
import { join } from 'node:path';
import type { Enrolment } from '@drover/client';
import { isLoopback, loadConfig, readSettings, VERSION, workerSettingsFile } from '@drover/config';
import { DroverError } from '@drover/domain';
import { readFingerprint, pinnedAuthority, trusted, trustEverywhere } from '@drover/trust';
import { reach } from '../client/reach.js';
import { Refused } from '../client/session.js';
import { readStdin } from '../terminal/prompt.js';
import { terminal } from '../terminal/terminal.js';
import { unreachable } from './connections.js';
import { SettingsFolder } from './settings-folder.js';

export interface EnrolOptions {
  url: string;
  token?: string;
  name?: string;
  ca?: string;
  caFingerprint?: string;
  file?: string;
  replace?: boolean;
}

/** A clock that is off by more is worth a word: times in logs are the node's. */
const CLOCK_MS = 5_000;
const UNIT = 'drover-worker.service';

/** Makes this machine a node: checks everything first, so that what fails leaves the invitation unused. */
export async function enrol(options: EnrolOptions): Promise<void> {
  const config = loadConfig();
  const url = urlOf(options.url);
  const name = options.name ?? config.nodeName;
  const file = options.file ?? workerSettingsFile();
  const before = readSettings(file);
  if (before?.['DROVER_ENROLMENT_TOKEN_FILE'] !== undefined && !options.replace)
    throw new DroverError(
      'conflict',
      `${file} says that this machine is the node ${before['DROVER_NODE_NAME'] ?? ''} of ${before['DROVER_API_URL'] ?? 'an API'} already: --replace makes it another one, --file writes elsewhere.`,
    );
  const token = await tokenOf(options.token ?? config.cli.enrolToken);
  const folder = await SettingsFolder.open(file);
  const authority = await authorityOf(options, url, config.tls.ca);
  if (authority !== null) trustEverywhere(trusted(await folder.keep('ca.pem', authority)));
  if (url.startsWith('http:') && !isLoopback(new URL(url).hostname.replace(/^\[|\]$/g, '')))
    await terminal.say(`${url} is not encrypted: the key of this node goes over the network in clear`);

  const offer = await ask(url, { token, name, check: true });
  await demandReachable(offer);
  await tellDifferences(offer);
  const { key, ...node } = await ask(url, { token, name });
  if (key === null) throw new Error(`The API at ${url} gave no key: is it a Drover API of this version?`);
  try {
    const keyFile = await folder.keep('worker.key', `${key}\n`);
    await folder.write({
      DROVER_API_URL: url,
      DROVER_NODE_NAME: name,
      DROVER_QUEUES: node.queues.join(','),
      DROVER_LABELS: Object.entries(node.labels)
        .map(([label, value]) => `${label}=${value}`)
        .join(','),
      DROVER_SLOTS: node.slots === null ? '' : String(Math.min(node.slots, availableParallelism())),
      DROVER_ENROLMENT_TOKEN_FILE: keyFile,
      DROVER_CA: authority === null ? '' : folder.pathOf('ca.pem'),
      DROVER_DATA_DIR: before?.['DROVER_DATA_DIR'] ?? dataFolder(),
    });
  } catch (error) {
    throw new Error(
      `${(error as Error).message} The invitation is used up: have the node revoked (\`drover nodes revoke ${name}\`) and invited again.`,
      { cause: error },
    );
  }
  await terminal.out(
    `This machine is the node ${name} of ${url}. It may serve ${node.queues.join(', ')}${node.tickets === null ? '; its jobs come over the API alone' : ''}.\n` +
      `Settings: ${file}\nStart it: ${startOf(file, options.file !== undefined)}\n`,
  );
}

function urlOf(text: string): string {
  if (!/^https?:\/\/[^\s'"\\]+$/i.test(text) || !URL.canParse(text))
    throw new DroverError('invalid', `--url ${text}: must be a URL such as https://broker.lab.example:8080.`);
  return text.replace(/\/+$/, '');
}

async function tokenOf(given: string | null): Promise<string> {
  const token = (given === '-' ? await readStdin(4_096) : (given ?? '')).trim();
  if (token !== '') return token;
  throw new DroverError(
    'invalid',
    'There is no invitation: set DROVER_ENROL_TOKEN, or give it by --token - on standard input. An operator makes one with `drover nodes invite`.',
  );
}

/** The certificate of the authority to trust, PEM; null: the usual ones do. */
async function authorityOf(options: EnrolOptions, url: string, setting: string | null): Promise<string | null> {
  if (options.caFingerprint !== undefined) {
    const fingerprint = readFingerprint(options.caFingerprint);
    if (fingerprint === null || options.ca !== undefined)
      throw new DroverError(
        'invalid',
        options.ca === undefined
          ? `--ca-fingerprint ${options.caFingerprint}: must be sha256: and 64 hexadecimal digits, as \`drover nodes invite\` prints it.`
          : '--ca and --ca-fingerprint say the same in two ways: give one of them.',
      );
    if (!url.startsWith('https:'))
      throw new DroverError('invalid', `--url ${url}: must begin with https:// with --ca-fingerprint.`);
    return pinnedAuthority(url, fingerprint);
  }
  const file = options.ca ?? setting;
  if (file === null) return null;
  trusted(file);
  return readFile(file, 'utf8');
}

async function ask(url: string, body: { token: string; name: string; check?: boolean }): Promise<Enrolment> {
  const request = new Request(`${url}/api/v1/nodes/enrol`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    // Whoever is named by the answer would get the token.
    redirect: 'manual',
  });
  const answer = await reach(request);
  const text = await answer.text();
  let said: Partial<Enrolment> & { detail?: string } = {};
  try {
    said = JSON.parse(text) as typeof said;
  } catch {
    // Said below.
  }
  if (answer.ok && typeof said.node === 'string' && Array.isArray(said.queues)) return said as Enrolment;
  throw new Refused(
    answer.status,
    said.detail ??
      `${url} answered ${answer.status} and is no Drover API that takes invitations: ${text.slice(0, 200)}`,
  );
}

/** Throws when the node could not fetch its jobs. */
async function demandReachable({ tickets }: Enrolment): Promise<void> {
  if (tickets === null) return;
  const away = await unreachable(tickets.addresses);
  if (away.length > 0)
    throw new DroverError(
      'unavailable',
      `This machine cannot reach the ticket store (${tickets.backend}) at ${away.join(', ')}: open the way, or have the invitation made without --ticket-login. Nothing was written, and the invitation can still be used.`,
    );
}

async function tellDifferences({ version, server_time }: Enrolment): Promise<void> {
  if (version !== VERSION)
    await terminal.say(`the API is Drover ${version}, this is ${VERSION}: let both be of the same version soon`);
  const offMs = Date.now() - Date.parse(server_time);
  if (Math.abs(offMs) > CLOCK_MS)
    await terminal.say(
      `the clock of this machine is ${Math.round(Math.abs(offMs) / 1_000)} s ${offMs > 0 ? 'ahead of' : 'behind'} the API's: let both follow a time server (NTP)`,
    );
}

const dataFolder = (): string =>
  process.getuid?.() === 0 ? '/var/lib/drover' : join(homedir(), '.local/share/drover');

/** The command that starts the worker here. A unit may run already, with the settings of before. */
function startOf(file: string, isElsewhere: boolean): string {
  if (isElsewhere) return `drover worker --file ${file}`;
  const hasUnit = ['/etc', '/lib', '/usr/lib'].some((at) => existsSync(`${at}/systemd/system/${UNIT}`));
  return hasUnit && process.getuid?.() === 0
    ? `systemctl enable ${UNIT} && systemctl restart ${UNIT}`
    : 'drover worker';
}
