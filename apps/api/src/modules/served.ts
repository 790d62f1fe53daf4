import type { Config } from '@drover/config';
import { tlsCertificateExpires, type Logger } from '@drover/telemetry';
import { ServedPair } from '@drover/trust';

/** The certificate that this API shows. */
export class Served {
  private constructor(
    /** Null: it speaks plain HTTP. */
    readonly current: ServedPair | null,
  ) {}

  /** Reads the certificate that the settings name. @throws Error with a sentence about a file */
  static async open({ tls: { cert, key } }: Config, log: Logger): Promise<Served> {
    if (cert === null || key === null) return new Served(null);
    return new Served(await ServedPair.open({ cert, key }, log));
  }

  /** Sets the gauge of its end, for a scrape. */
  measure(): void {
    if (this.current === null) return;
    const { names, expiresAt } = this.current.pair;
    tlsCertificateExpires.reset();
    tlsCertificateExpires.set({ host: names[0] ?? '' }, Math.round((expiresAt.getTime() - Date.now()) / 1_000));
  }
}
