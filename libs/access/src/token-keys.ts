import { createHmac } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';

/** A key of tokens with its name, which stands in the head of each token (`kid`) and tells nothing of the key. */
export interface TokenKey {
  kid: string;
  key: Uint8Array;
}

/**
 * The keys tokens are checked with. The first one signs; the others are those of before, for the tokens that are still
 * about.
 */
export class TokenKeys {
  private readonly kids = new WeakMap<Uint8Array, string>();

  /** `read`: the keys of now, the present one first. */
  constructor(private readonly read: () => readonly Uint8Array[]) {}

  /** Signs. */
  get present(): TokenKey {
    const [key] = this.read();
    if (!key) throw new Error('There is no key for tokens.');
    return this.named(key);
  }

  /**
   * Keys that may have signed this token: the one it names, else all (tokens made elsewhere name none, or one of
   * theirs). Throws what jose throws for a text that is no token.
   */
  candidates(token: string): readonly TokenKey[] {
    const { kid } = decodeProtectedHeader(token);
    const keys = this.read().map((key) => this.named(key));
    const meant = keys.filter((key) => key.kid === kid);
    return meant.length > 0 ? meant : keys;
  }

  private named(key: Uint8Array): TokenKey {
    const kid = this.kids.get(key) ?? createHmac('sha256', key).update('drover:kid').digest('hex').slice(0, 16);
    this.kids.set(key, kid);
    return { kid, key };
  }
}
