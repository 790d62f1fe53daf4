import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { mint } from '../../../../test/access/support.js';
import { Session } from '../../../../test/support/testflinger-client.js';

/** The key of each client that `newClient` makes. */
export const KEY = 'correct horse battery staple';
export const basic = (id: string, key: string): Record<string, string> => ({
  Authorization: `Basic ${Buffer.from(`${id}:${key}`).toString('base64')}`,
});

/** A session of an admin whose token is made elsewhere. */
export async function adminOf(url: string): Promise<Session> {
  const session = new Session(url);
  session.token = await mint({ client_id: 'root', role: 'admin' });
  return session;
}

/** A client that was just made, with its login. */
export async function newClient(
  url: string,
  permissions: Record<string, unknown> = {},
): Promise<{ id: string; session: Session; refresh: string }> {
  const id = `client-${randomUUID()}`;
  const made = await (
    await adminOf(url)
  ).send('PUT', `/v1/client-permissions/${id}`, { client_secret: KEY, role: 'contributor', ...permissions });
  expect(made.text).toBe(`Created permissions for client '${id}'`);
  const session = new Session(url);
  const { json } = await session.post('/v1/oauth2/token', undefined, basic(id, KEY));
  expect(json).toEqual({
    access_token: expect.stringMatching(/^ey[\w-]+\.[\w-]+\.[\w-]+$/),
    token_type: 'Bearer',
    expires_in: 600,
    refresh_token: expect.stringMatching(/^\S{48,64}$/),
  });
  session.token = json.access_token;
  return { id, session, refresh: json.refresh_token };
}
