import { ApiError, requestToken, tokenOf } from '@drover/client';
import { reach } from '../client/reach.js';
import type { StoredLogin } from './login-file.js';

/** The API does not take the key, or the refresh token. */
export class LoginRefused extends Error {}

/** A login with a client id and its key. @throws LoginRefused */
export async function logIn(url: string, clientId: string, key: string): Promise<StoredLogin> {
  const token = await requestToken(reach, url, clientId, key).catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 401)
      throw new LoginRefused(`The API at ${url} does not know this client id with this key.`);
    throw inTheLogin(error, url);
  });
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

const inTheLogin = (error: unknown, url: string): unknown =>
  error instanceof ApiError
    ? new Error(`The API at ${url} answered ${error.status} to the login: ${error.detail}`)
    : error;

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
  const token = await tokenOf(answer, login.url).catch((error: unknown) => {
    throw inTheLogin(error, login.url);
  });
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
