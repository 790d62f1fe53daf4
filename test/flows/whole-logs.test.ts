import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectEventually } from '../support/expect-eventually.js';
import { executions, jobIs, submit } from '../support/flow.js';
import { execute } from '../support/postgres.js';
import { Stack } from '../support/stack.js';

const MIB = 1024 * 1024;
/** The text that the job writes, and how often that is stored in the end. */
const SMALL_BYTES = 2 * MIB;
const TIMES = 100;
const LOG_BYTES = TIMES * SMALL_BYTES;
/**
 * The most that an answer may add to the resident memory of the API, however long it is: the first one finds a process
 * that has just started.
 */
const MOST_GROWTH_MIB = 40;
/** The same of a client of each route at once, none of which reads on. */
const MOST_HELD_MIB = 100;

/**
 * Every route that gives a whole log or a whole file of a job. The document of the API is walked below for those that
 * are missing here.
 */
const WHOLE = [
  '/api/v1/jobs/{id}/logs',
  '/api/v1/jobs/{id}/artifacts/{path}',
  '/tasks/{task}/jobs/{job}/logs',
  '/tasks/{task}/jobs/{job}/stream',
  '/v1/jobs/{uid}/output',
  '/v1/jobs/{uid}/output/stream',
  '/v1/result/{job_id}',
  '/v1/result/{job_id}/log/{type}',
];
/** Other forms of the same routes. */
const FORMS = ['/api/v1/jobs/{id}/logs?stream=stdout', '/api/v1/jobs/{id}/logs?follow=true'];
/** Routes that give the same by the same code as one of the list. */
const TWINS = [
  '/tasks/{task}/jobs/{job}/stdout',
  '/tasks/{task}/jobs/{job}/executions/{execution}/stdout',
  '/tasks/{task}/jobs/{job}/executions/{execution}/logs',
  '/tasks/{task}/jobs/{job}/executions/{execution}/stream',
];
/** This one reads a whole log, and answers with little. */
const VERIFY = '/api/v1/jobs/{id}/logs/verify';
const HEAVY = [...WHOLE, ...FORMS, VERIFY];

let stack: Stack;
let id: string;

beforeAll(async () => {
  stack = await Stack.start({ workers: [{ slots: 1 }], env: { DROVER_LOG_LEVEL: 'warn' } });
  id = await submit(stack, {
    command: `seq -f 'step %g: the loss is 0.1234, and what else a line of a log has to say' 100000 | head -c ${SMALL_BYTES}; truncate -s ${LOG_BYTES} file.bin`,
    artifacts: ['file.bin'],
  });
  await jobIs(stack, id, 'succeeded', 60_000);
});
afterAll(() => stack.stop());

/** Makes the stored log longer: the same pieces again and again. A job that writes as much takes half a minute. */
async function repeatLog(): Promise<void> {
  const [execution] = await executions(stack, id);
  expect(execution?.stdout_bytes).toBe(SMALL_BYTES);
  // The id is ours and the numbers are constants: there is nothing to quote.
  await execute(
    stack.databaseUrl,
    `INSERT INTO log_chunk (execution_id, stream, "offset", length, sequence, at, data)
     SELECT execution_id, stream, "offset" + n * ${SMALL_BYTES}, length, sequence + n * ${SMALL_BYTES}, at, data FROM log_chunk, generate_series(1, ${TIMES - 1}) AS n
     WHERE execution_id = '${execution?.id}'`,
  );
  // Answers that were made of the short one are made anew.
  await execute(stack.databaseUrl, 'TRUNCATE testflinger_fragment, testflinger_run');
  await execute(stack.databaseUrl, `UPDATE execution SET stdout_bytes = ${LOG_BYTES} WHERE id = '${execution?.id}'`);
}

const residentMib = (): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${stack.api.pid}/status`, 'utf8'))?.[1]) / 1024;

const urlOf = (route: string): string =>
  route
    .replace('{path}', 'file.bin')
    .replace('{task}', 'default')
    .replace('{type}', 'output')
    .replace(/\{(id|uid|job_id|job|execution)\}/g, id)
    .replace(/\{\w+\}/, 'none');

const open = (route: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    get(
      `${stack.url}${urlOf(route)}`,
      {
        agent: false,
        headers: { accept: route.includes('follow') ? 'text/event-stream' : 'text/plain, application/json' },
      },
      resolve,
    ).on('error', reject);
  });

/** Reads an answer to its end. */
async function lengthOf(route: string): Promise<{ status: number; bytes: number; grew: number }> {
  const before = residentMib();
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, residentMib());
  }, 20);
  try {
    const answer = await open(route);
    let bytes = 0;
    for await (const part of answer) bytes += (part as Buffer).length;
    return { status: answer.statusCode ?? 0, bytes, grew: peak - before };
  } finally {
    clearInterval(watch);
  }
}

it('are all named here: no other route of the document gives as much as the log has', async () => {
  const { paths } = (await (await fetch(`${stack.url}/docs-json`)).json()) as {
    paths: Record<string, Record<string, unknown>>;
  };
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    'get' in methods && path.includes('{') ? [path] : [],
  );
  const long: string[] = [];
  for (const route of routes) if ((await lengthOf(route)).bytes >= SMALL_BYTES) long.push(route);
  expect(long.toSorted()).toEqual([...WHOLE, ...TWINS].toSorted());
  // Code that is loaded, compiled and kept once is no growth.
  for (const route of [...FORMS, VERIFY]) await lengthOf(route);
});

describe('a log and a file of 200 MiB', () => {
  beforeAll(repeatLog);

  it.each(HEAVY)(`are read by %s without the API growing by more than ${MOST_GROWTH_MIB} MiB`, async (route) => {
    const { status, bytes, grew } = await lengthOf(route);
    expect(status).toBe(200);
    if (route !== VERIFY) expect(bytes).toBeGreaterThanOrEqual(LOG_BYTES);
    expect(grew).toBeLessThan(MOST_GROWTH_MIB);
  });

  it('wait for clients that do not read on, and are not held in memory meanwhile', async () => {
    const before = residentMib();
    const answers: IncomingMessage[] = [];
    try {
      for (const route of [...WHOLE, ...FORMS]) {
        const answer = await open(route);
        answers.push(answer);
        await once(answer, 'readable');
      }
      // The buffers of sockets and streams are full by the time that the memory is at rest.
      let last = 0;
      await expectEventually(
        () => {
          const now = residentMib();
          const moved = Math.abs(now - last);
          last = now;
          if (moved > 1) throw new Error(`the memory still changes: ${now} MiB`);
        },
        { withinMs: 20_000, everyMs: 300 },
      );
      expect(last - before).toBeLessThan(MOST_HELD_MIB);
    } finally {
      for (const answer of answers) answer.destroy();
    }
  });
});
