import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RegisterRequest, ReportsResponse } from '@drover/protocol';
import type { Logger } from '@drover/telemetry';
import { AgentClient, ApiRefused } from './agent.client.js';
import { Session } from './session.js';

const silent = { info: () => undefined, warn: () => undefined } as unknown as Logger;
const FINE = {
  register: { token: 'token', server_time: '2030-01-01T00:00:00Z' },
  reports: { results: [{ status: 200 }] },
};

type Answers = (route: 'register' | 'reports') => { status: number; body: unknown } | undefined;

let server: Server;
/** Answers in place of the usual ones, and the routes that were answered so. */
let instead: Answers;
let refused: string[];
let client: AgentClient;
let session: Session;

beforeEach(async () => {
  instead = () => undefined;
  refused = [];
  server = createServer((request, response) => {
    const route = request.url === '/agent/v1/register' ? 'register' : 'reports';
    const other = instead(route);
    if (other) refused.push(route);
    const { status, body } = other ?? { status: 200, body: FINE[route] };
    request.resume().once('end', () => {
      response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new AgentClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, null);
  session = new Session(client, () => Promise.resolve({} as RegisterRequest), silent, {
    registered: () => Promise.resolve(),
    reachable: () => undefined,
    refused: () => undefined,
  });
  await session.register();
});
afterEach(async () => {
  session.close();
  await client.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const report = (): Promise<ReportsResponse> => session.persist((to) => to.reports({ items: [] }));
const problem = (status: number) => ({ status, body: { status, code: 'refused', detail: 'Not now.' } });

describe('what is to be sent', () => {
  it.each([
    ['does not know the node and does not let it in', () => problem(401)],
    ['has given its name away', (route: string) => problem(route === 'register' ? 409 : 401)],
    ['is behind a door that is shut', () => problem(421)],
    ['is behind a proxy that cannot find it', () => ({ status: 404, body: '404 page not found' })],
    ['is behind a gateway that knows no route', () => ({ status: 404, body: { message: 'no Route matched' } })],
    ['is behind a page for logins', () => ({ status: 200, body: '<html>Log in</html>' })],
  ])('waits while an API %s', async (_, answers: Answers) => {
    instead = answers;
    const sent = report();
    await expect.poll(() => refused.length).toBeGreaterThan(2);
    instead = () => undefined;
    expect(await sent).toEqual(FINE.reports);
  });

  it('is given up when the API refuses it itself', async () => {
    instead = () => problem(422);
    await expect(report()).rejects.toThrow(ApiRefused);
    expect(refused).toEqual(['reports']);
  });
});
