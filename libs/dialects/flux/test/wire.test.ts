import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../../../test/support/api.js';

/*
 * The bytes that flux-restful-client 0.2.1 sends by httpx, byte for byte as its contract has it: nothing between the
 * text here and the socket, so that neither a library adds a header nor leaves out a body.
 */
const KEY = 'shared secret of 32 characters or more';
let open: TestApi;
let closed: TestApi;
beforeAll(async () => {
  open = await startApi({ passive: true });
  closed = await startApi({
    passive: true,
    env: { FLUX_REQUIRE_AUTH: '1', FLUX_TOKEN: 'password', FLUX_SECRET_KEY: KEY },
  });
});
afterAll(async () => {
  await open.close();
  await closed.close();
});

interface Reply {
  status: number;
  head: string;
  body: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- a test says what it expects of the body
}

/** Requests one after the other on one connection, as keep-alive does. */
async function talk(api: TestApi, ...requests: string[]): Promise<Reply[]> {
  const { hostname, port } = new URL(api.url);
  const socket = connect(Number(port), hostname);
  socket.setTimeout(10_000, () => socket.destroy(new Error('no answer')));
  const replies: Reply[] = [];
  let text = '';
  try {
    for (const request of requests) {
      socket.write(request.replaceAll('HOST', `${hostname}:${port}`).replaceAll('\n', '\r\n'));
      for await (const part of socket.iterator({ destroyOnReturn: false })) {
        text += String(part);
        const [head = '', ...rest] = text.split('\r\n\r\n');
        const length = Number(/^content-length: (\d+)/im.exec(head)?.[1]);
        const content = rest.join('\r\n\r\n');
        if (rest.length === 0 || Buffer.byteLength(content) < length) continue;
        replies.push({ status: Number(head.split(' ')[1]), head, body: JSON.parse(content) });
        text = '';
        break;
      }
    }
  } finally {
    socket.destroy();
  }
  return replies;
}

const HEADERS =
  'Host: HOST\nAccept: */*\nAccept-Encoding: gzip, deflate\nConnection: keep-alive\nUser-Agent: python-httpx/0.27.0';
const get = (path: string, more = ''): string => `GET ${path} HTTP/1.1\n${HEADERS}${more}\n\n`;
const post = (path: string, more = ''): string => `POST ${path} HTTP/1.1\n${HEADERS}${more}\nContent-Length: 0\n\n`;
const withJson = (method: string, path: string, json: string, more = ''): string =>
  `${method} ${path} HTTP/1.1\n${HEADERS}${more}\nContent-Length: ${Buffer.byteLength(json)}\nContent-Type: application/json\n\n${json}`;

describe('the bytes of the Flux client', () => {
  it('submit by query string with empty values and a Python dict, then go on with the id', async () => {
    const [submitted] = await talk(
      open,
      post(
        '/v1/jobs/submit?command=sleep+60&num_tasks=1&cores_per_task=1&gpus_per_task=&num_nodes=&exclusive=false&workdir=&envars=%7B%27A%27%3A+%27b+c%27%2C+%22it%27s%22%3A+%27%5Cn%27%7D',
      ),
    );
    expect(submitted).toMatchObject({ status: 200, body: { Message: 'Job submit.' } });
    const id = (submitted as Reply).body.id as string;
    const job = await open.core.query.byExternalId('flux', id);
    expect(job?.spec).toMatchObject({ command: ['sleep', '60'], env: { A: 'b c', "it's": '\n' } });
    expect(job?.spec.resources).toBeUndefined();
    const [list, info, output, cancelled, again, nodes] = await talk(
      open,
      get('/v1/jobs'),
      get(`/v1/jobs/${id}`),
      get(`/v1/jobs/${id}/output`),
      post(`/v1/jobs/${id}/cancel`),
      post(`/v1/jobs/${id}/cancel`),
      get('/v1/nodes'),
    );
    expect(list?.body.jobs[0].id).toBe(id);
    expect(info?.body).toMatchObject({ id, name: 'sleep' });
    expect(output?.body.Message).toContain('not exist yet');
    expect(cancelled?.body).toEqual({ Message: 'Job is requested to cancel.', id });
    expect(again).toMatchObject({ status: 400, body: { id } });
    expect(again?.body.Message).toContain('cannot be cancelled');
    expect(nodes?.body).toEqual({ nodes: [] });
  });

  it('read a list with the parameters in a body on the GET, and go on using the connection', async () => {
    const [details, one, search] = await talk(
      open,
      withJson('GET', '/v1/jobs', '{"details": true, "listing": true}'),
      withJson('GET', '/v1/jobs', '{"details": true, "limit": 1}'),
      get('/v1/jobs/search?query=sleep&start=0&length=5'),
    );
    expect(details?.body).toHaveLength(1);
    expect(Object.keys(one?.body as object)).toEqual([details?.body[0].id]);
    expect(search?.body).toMatchObject({ draw: 1, recordsTotal: 1, recordsFiltered: 1 });
  });

  it('do the token dance: 401 with a challenge, a token, the call again without its query and with a JSON body', async () => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const unsigned = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ user: 'fluxuser', pass: 'password', scope: 'token' })}`;
    const proof = `${unsigned}.${createHmac('sha256', KEY).update(unsigned).digest('base64url')}`;
    const [refused, token] = await talk(
      closed,
      post('/v1/jobs/submit?command=echo+hello&num_tasks=1&gpus_per_task='),
      post('/v1/token', `\nAuthorization: Bearer ${proof}`),
    );
    expect(refused).toMatchObject({ status: 401, body: { detail: 'Not authenticated' } });
    expect(refused?.head).toMatch(/^www-authenticate: bearer$/im);
    expect(token?.body).toEqual({ access_token: expect.any(String), token_type: 'Bearer' });
    const bearer = `\nAuthorization: Bearer ${token?.body.access_token}`;
    const [submitted, list] = await talk(
      closed,
      withJson(
        'POST',
        '/v1/jobs/submit',
        '{"command": "echo hello", "num_tasks": 1, "cores_per_task": 1, "gpus_per_task": null, "num_nodes": null, "exclusive": false, "envars": {"A": "b"}}',
        bearer,
      ),
      get('/v1/jobs', bearer),
    );
    expect(submitted).toMatchObject({ status: 200, body: { Message: 'Job submit.' } });
    expect(list?.body.jobs.map((job: { id: string }) => job.id)).toEqual([submitted?.body.id]);
  });
});
