import { reach } from '../client/reach.js';
import type { StoredLogin } from './login-file.js';

interface TokenAnswer {
  access_token: string;
  expires_in: number;
  refresh_token?: string;
}

/** The API does not take the key, or the refresh token. */
export class LoginRefused extends Error {}

/** A login with a client id and its key. @throws LoginRefused */
export async function logIn(url: string, clientId: string, key: string): Promise<StoredLogin> {
  const basic = Buffer.from(`${clientId}:${key}`).toString('base64');
  const answer = await reach(
    new Request(`${url}/v1/oauth2/token`, { method: 'POST', headers: { authorization: `Basic ${basic}` } }),
  );
  if (answer.status === 401) throw new LoginRefused(`The API at ${url} does not know this client id with this key.`);
  const token = await tokenOf(answer, url);
  if (token.refresh_token === undefined)
    throw new Error(
      `The API at ${url} gives no refresh token (DROVER_TESTFLINGER_BARE_TOKEN is on there): use DROVER_TOKEN.`,
    );
  return {
    url,
    client_id: clientId,
    access_token: token.access_token,
    access_expires_at: Date.now() + token.expires_in * 1_000,
    refresh_token: token.refresh_token,
  };
}

/** The login with a new access token. @throws LoginRefused when it is over */
export async function refresh(login: StoredLogin): Promise<StoredLogin> {
  const request = new Request(`${login.url}/v1/oauth2/refresh`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ refresh_token: login.refresh_token }),
  });
  const answer = await reach(request);
  if (answer.status === 400 || answer.status === 401 || answer.status === 403)
    throw new LoginRefused(`Your login at ${login.url} as ${login.client_id} is over: \`drover login\` again.`);
  const token = await tokenOf(answer, login.url);
  return {
    ...login,
    access_token: token.access_token,
    access_expires_at: Date.now() + token.expires_in * 1_000,
    refresh_token: token.refresh_token ?? login.refresh_token,
  };
}

/** Whether the API has ended the refresh token; only some roles may ask for it. */
export async function revoke(login: StoredLogin): Promise<boolean> {
  const request = new Request(`${login.url}/v1/oauth2/revoke`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${login.access_token}` },
    body: JSON.stringify({ refresh_token: login.refresh_token }),
  });
  return (await reach(request)).ok;
}

async function tokenOf(answer: Response, url: string): Promise<TokenAnswer> {
  const text = await answer.text();
  try {
    const token = JSON.parse(text) as TokenAnswer;
    if (answer.ok && typeof token.access_token === 'string' && typeof token.expires_in === 'number') return token;
  } catch {
    // Said below.
  }
  throw new Error(`The API at ${url} answered ${answer.status} to the login: ${text.slice(0, 200)}`);
}
