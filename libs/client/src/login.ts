import { ApiError, DroverError, readApiError } from './errors.js';

/** A token that ends within this time is renewed before it is used. */
export const SPARE_MS = 30_000;

/** A login at an API. */
export interface Credentials {
  /** The token for the next request. Null: there is none. */
  token(): Promise<string | null>;
  /** After a 401: true when there is another token now. */
  renew(): Promise<boolean>;
}

/** The answer of `POST /v1/oauth2/token` and `POST /v1/oauth2/refresh`. */
export interface TokenAnswer {
  access_token: string;
  /** Seconds. */
  expires_in: number;
  refresh_token?: string;
}

type Send = (request: Request) => Promise<Response>;

/** Sends a request with the login; a token that is over is renewed once. */
export async function sendWithLogin(credentials: Credentials, request: Request, send: Send): Promise<Response> {
  const attempt = async (): Promise<Response> => {
    const token = await credentials.token();
    const copy = request.clone();
    if (token !== null) copy.headers.set('authorization', `Bearer ${token}`);
    return send(copy);
  };
  const answer = await attempt();
  if (answer.status !== 401 || !(await credentials.renew())) return answer;
  await answer.body?.cancel();
  return attempt();
}

/** Asks for a token with a client id and its key. @throws ApiError with the status 401 where they do not fit */
export async function requestToken(send: Send, url: string, clientId: string, key: string): Promise<TokenAnswer> {
  const pair = String.fromCharCode(...new TextEncoder().encode(`${clientId}:${key}`));
  const headers = { authorization: `Basic ${btoa(pair)}` };
  return tokenOf(await send(new Request(`${url}/v1/oauth2/token`, { method: 'POST', headers })), url);
}

/** The token of an answer. @throws ApiError for a refusal, DroverError for what is no answer of Drover */
export async function tokenOf(answer: Response, url: string): Promise<TokenAnswer> {
  if (!answer.ok) throw await readApiError(answer);
  const token = (await answer.json().catch(() => ({}))) as Partial<TokenAnswer>;
  if (typeof token.access_token === 'string' && typeof token.expires_in === 'number') return token as TokenAnswer;
  throw new DroverError(
    `The API at ${url} answered ${answer.status} to the login, and without a token.`,
    'Is the address that of a Drover API?',
  );
}

/** A token that somebody gave; null: requests go without one. */
export const givenToken = (token: string | null): Credentials => ({
  token: () => Promise.resolve(token),
  renew: () => Promise.resolve(false),
});

/** The login with a client id and its key, which are kept in memory: a token is asked for when it is needed. */
export class KeyLogin implements Credentials {
  private present: { token: string; endsAt: number } | null = null;
  private asking: Promise<{ token: string; endsAt: number }> | null = null;

  constructor(
    private readonly send: Send,
    private readonly url: string,
    private readonly clientId: string,
    private readonly key: string,
  ) {}

  async token(): Promise<string> {
    if (this.present === null || this.present.endsAt - SPARE_MS < Date.now()) await this.ask();
    return (this.present as unknown as { token: string }).token;
  }

  async renew(): Promise<boolean> {
    await this.ask();
    return true;
  }

  /** Asks once at a time, however many requests need it. */
  private async ask(): Promise<void> {
    this.asking ??= requestToken(this.send, this.url, this.clientId, this.key)
      .then(({ access_token: token, expires_in: seconds }) => ({ token, endsAt: Date.now() + seconds * 1_000 }))
      .catch((error: unknown) => {
        if (!(error instanceof ApiError) || error.status !== 401) throw error;
        throw new ApiError(401, error.code, 'The API does not know this client id with this key.', [], error.requestId);
      })
      .finally(() => (this.asking = null));
    this.present = await this.asking;
  }
}
