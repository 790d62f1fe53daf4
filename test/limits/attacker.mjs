// One attack on a broker, in a process of its own so that it does not disturb who measures. Arguments: address, name of the attack, token. Prints its answers' statuses as JSON.
import { request } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';

const [url, attack, token] = process.argv.slice(2);
const { port } = new URL(url);
const bearer = { authorization: `Bearer ${token}` };
const json = { 'content-type': 'application/json' };

/** The status of the answer; 0: the connection was cut. */
function send(method, path, headers = {}, body) {
  return new Promise((resolve) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        headers: { ...headers, ...(body === undefined ? {} : { 'content-length': body.length }) },
        agent: false,
      },
      (response) => {
        response.resume();
        response.once('close', () => resolve(response.statusCode));
      },
    );
    sent.once('error', () => resolve(0));
    sent.end(body);
  });
}

const times = (n, work) => Promise.all(Array.from({ length: n }, (_, index) => work(index)));
const inLine = async (n, work) => {
  const answers = [];
  for (let at = 0; at < n; at += 1) answers.push(await work(at));
  return answers;
};
const brackets = Buffer.alloc(30_000_000, '[');
const packed = attack === 'bomb' ? gzipSync(brackets) : brackets;
const paths = [
  '/api/v1/jobs',
  '/api/v1/jobs/batch',
  '/v1/jobs',
  '/tasks/x',
  '/v1/job',
  '/v1/jobs/submit',
  '/agent/v1/register',
];

const ATTACKS = {
  brackets: async () => [
    ...(await times(paths.length, (at) => send('POST', paths[at], { ...json }, brackets))),
    ...(await times(paths.length, (at) => send('POST', paths[at], { ...json, ...bearer }, brackets))),
  ],
  bomb: () =>
    times(28, (at) =>
      send('POST', paths[at % paths.length], { ...json, ...bearer, 'content-encoding': 'gzip' }, packed),
    ),
  batch: () => {
    const body = Buffer.from(JSON.stringify({ jobs: Array(100_000).fill({ command: 'true', tags: ['a', 'b'] }) }));
    return inLine(5, () => send('POST', '/api/v1/jobs/batch', { ...json, ...bearer }, body));
  },
  largest: () => {
    const job = {
      command: 'echo hello',
      queue: 'nobody',
      tags: ['a', 'b'],
      metadata: { user: 'someone', step: 7 },
      start_at: '2099-01-01T00:00:00Z',
    };
    const body = Buffer.from(JSON.stringify({ jobs: Array(10_000).fill(job) }));
    return inLine(2, () => send('POST', '/api/v1/jobs/batch', { ...json, ...bearer }, body));
  },
  search: () =>
    times(10, (at) =>
      inLine(2, () =>
        send('GET', at % 2 === 0 ? '/v1/jobs/search?query=no-such-text&length=-1' : '/jobs?query=e', bearer),
      ),
    ).then((all) => all.flat()),
  list: () => inLine(2, () => send('GET', '/v1/jobs/search?length=-1', bearer)),
  logins: () =>
    times(300, (at) =>
      send('POST', '/v1/oauth2/token', {
        authorization: `Basic ${Buffer.from(`${at % 3 === 0 ? 'ci' : `guess-${at}`}:wrong-key-${at}`).toString('base64')}`,
      }),
    ),
  /** Held until this process is ended; tells how many are open. */
  sockets: async () => {
    const open = await times(
      1_500,
      () =>
        new Promise((resolve) => {
          const socket = connect(Number(port), '127.0.0.1', () => {
            socket.write('POST /api/v1/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nX-Slow: ');
            resolve(1);
          });
          socket.once('error', () => resolve(0));
        }),
    );
    return [open.filter((one) => one === 1).length];
  },
  followers: async () => {
    let seen = 0;
    const follow = () =>
      new Promise((resolve) => {
        const sent = request(
          { host: '127.0.0.1', port, path: '/api/v1/events', headers: bearer, agent: false },
          (response) => {
            let told = false;
            response.on('data', (bytes) => {
              if (told || !bytes.includes('job.queued')) return;
              told = true;
              seen += 1;
              if (seen === 1_000) process.stdout.write('seen by all\n');
            });
            resolve(response.statusCode === 200 ? 1 : 0);
          },
        );
        sent.once('error', () => resolve(0));
        sent.end();
      });
    const open = (await inLine(20, () => times(50, follow))).flat();
    return [open.filter((one) => one === 1).length];
  },
};

const began = performance.now();
const answers = await ATTACKS[attack]();
process.stdout.write(`${JSON.stringify({ ms: Math.round(performance.now() - began), answers })}\n`);
