import { givenToken, SPARE_MS, type Credentials } from '@drover/client';
import { readLogin, writeLogin, type StoredLogin } from './login-file.js';
import { LoginRefused, refresh } from './oauth2.js';

/** A token that was given counts; else the login that is kept for this API. */
export function credentialsFor(url: string, given: string | null): Credentials {
  if (given !== null) return givenToken(given);
  return new KeptLogin(url);
}

class KeptLogin implements Credentials {
  private login: StoredLogin | null | undefined;
  private renewing: Promise<StoredLogin> | null = null;

  constructor(private readonly url: string) {}

  async token(): Promise<string | null> {
    if (this.login === undefined) this.login = await readLogin(this.url);
    if (this.login === null) return null;
    if (this.login.access_expires_at - SPARE_MS < Date.now()) await this.fresh(this.login);
    return this.login.access_token;
  }

  async renew(): Promise<boolean> {
    const { login } = this;
    if (!login) return false;
    await this.fresh(login);
    return this.login?.access_token !== login.access_token;
  }

  /** Renews once at a time, however many requests need it. */
  private async fresh(login: StoredLogin): Promise<void> {
    this.renewing ??= this.renewed(login).finally(() => (this.renewing = null));
    this.login = await this.renewing;
  }

  private async renewed(login: StoredLogin): Promise<StoredLogin> {
    // Another process may have done it meanwhile.
    const kept = await readLogin(this.url);
    if (kept && kept.access_token !== login.access_token && kept.access_expires_at - SPARE_MS > Date.now()) return kept;
    try {
      const fresh = await refresh(kept ?? login);
      await writeLogin(fresh);
      return fresh;
    } catch (error) {
      if (!(error instanceof LoginRefused)) throw error;
      // The refresh token may have been used up by that other process just now.
      const later = await readLogin(this.url);
      if (later && later.refresh_token !== (kept ?? login).refresh_token) return later;
      throw error;
    }
  }
}
