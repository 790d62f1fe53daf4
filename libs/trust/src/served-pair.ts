import { stat } from 'node:fs/promises';
import type { Server } from 'node:tls';
import { readPair, type Pair } from './pair.js';

/** Between two looks at the files. */
const LOOK_MS = 1_000;

/** The part of a log that is told of exchanges. */
export interface PairLog {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** TLS as this program speaks it. Connections that were begun go on with the certificate they began with. */
const SETTINGS = { minVersion: 'TLSv1.2', ALPNProtocols: ['http/1.1'], handshakeTimeout: 10_000 } as const;

/** The certificate that a server shows, read again when its files have changed. */
export class ServedPair {
  private timer: NodeJS.Timeout | undefined;
  /** The state of the files at the last look, and that at which they were read. */
  private seen = '';
  private read = '';

  private constructor(
    private readonly files: { cert: string; key: string },
    private current: Pair,
    private readonly log: PairLog,
  ) {}

  /** @throws Error with a sentence about a file */
  static async open(files: { cert: string; key: string }, log: PairLog): Promise<ServedPair> {
    const stamp = await stampOf(files);
    const pair = new ServedPair(files, await readPair(files.cert, files.key), log);
    pair.seen = pair.read = stamp;
    return pair;
  }

  get pair(): Pair {
    return this.current;
  }

  /** For `https.createServer`. */
  options(): { cert: string; key: string } & typeof SETTINGS {
    return { ...SETTINGS, cert: this.current.cert, key: this.current.key };
  }

  /** Looks at the files until the server has closed. */
  follow(server: Pick<Server, 'setSecureContext' | 'once'>, lookMs = LOOK_MS): void {
    let looking = false;
    this.timer = setInterval(() => {
      if (looking) return;
      looking = true;
      void this.look(server).finally(() => {
        looking = false;
      });
    }, lookMs);
    this.timer.unref();
    server.once('close', () => this.stop());
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** A pair is judged when neither file has changed since the look before: both are written by then. */
  private async look(server: Pick<Server, 'setSecureContext'>): Promise<void> {
    const stamp = await stampOf(this.files);
    const isStill = stamp === this.seen;
    this.seen = stamp;
    if (!isStill || stamp === this.read) return;
    this.read = stamp;
    try {
      const pair = await readPair(this.files.cert, this.files.key);
      server.setSecureContext({ ...SETTINGS, cert: pair.cert, key: pair.key });
      this.current = pair;
      this.log.info(
        { names: pair.names, expires_at: pair.expiresAt.toISOString() },
        'new connections get the new certificate',
      );
    } catch (error) {
      this.log.error(
        { error: (error as Error).message },
        'the new certificate is not taken; connections get the one of before',
      );
    }
  }
}

/** Changes when one of the files is written, replaced or goes. */
async function stampOf({ cert, key }: { cert: string; key: string }): Promise<string> {
  const one = async (file: string): Promise<string> => {
    const found = await stat(file).catch(() => null);
    return found === null ? 'none' : `${found.ino} ${found.size} ${found.mtimeMs}`;
  };
  return (await Promise.all([one(cert), one(key)])).join(', ');
}
