import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { Store } from '@drover/store';
import type { Broker } from '../lib/broker.js';
import { fillLab } from '../lib/lab-jobs.js';
import { percentile, seconds, type Row } from '../lib/numbers.js';
import type { Measure, Terms } from './measure.js';

const MIB = 1024 * 1024;

export const lab: Measure = {
  about: 'what a lab asks of its server with 100,000 jobs stored, and an archive of 1 GiB in and out',
  ours: asked,
  once: true,
};

async function asked(broker: Broker, { quick }: Terms): Promise<Row[]> {
  const jobs = quick ? 2_000 : 100_000;
  const asks = quick ? 2 : 40;
  const store = await Store.open({ url: broker.databaseUrl, pool: 1 });
  try {
    const middle = await fillLab(store.sql, jobs);
    const rows: Row[] = [];
    const cases: [name: string, path: string][] = [
      ['wait times of every queue', '/v1/queues/wait_times'],
      ['wait times of two queues', '/v1/queues/wait_times?queue=lab-1&queue=lab-2'],
      ['position of a waiting job', `/v1/job/${middle}/position`],
      ['agents of a queue', '/v1/queues/lab-1/agents'],
      ['all jobs of a queue', '/v1/queues/lab-1/jobs'],
      ['all agents', '/v1/agents/data'],
      ['search, both of two tags', '/v1/job/search?tags=board-7&tags=nightly&match=all'],
      ['search, any of two tags', '/v1/job/search?tags=board-7&tags=board-8'],
      ['search, a tag and its active jobs', '/v1/job/search?tags=nightly&state=active'],
      ['search by phase', '/v1/job/search?state=provision'],
      ['search for what waits', '/v1/job/search?state=waiting&tags=board-9'],
      ['page of a queue', '/queues/lab-1'],
      ['page of all queues', '/queues'],
      ['page of all agents', '/agents'],
      ['page of a job', `/jobs/${middle}`],
    ];
    for (const [name, path] of cases) {
      const times: number[] = [];
      // Once for what only the first answer of a process does.
      await (await fetch(`${broker.url}${path}`)).arrayBuffer();
      for (let n = 0; n < asks; n += 1) {
        const start = performance.now();
        const answer = await fetch(`${broker.url}${path}`);
        await answer.arrayBuffer();
        if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
        times.push(performance.now() - start);
      }
      rows.push({
        name: `${name} (${jobs.toLocaleString('en')} jobs): p50`,
        value: percentile(times, 50),
        unit: 'ms',
        aim: '< 50 ms',
      });
      rows.push({ name: `${name}: p95`, value: percentile(times, 95), unit: 'ms' });
    }
    rows.push(...(await archive(broker, quick ? 16 : 1_024)));
    return rows;
  } finally {
    await store.close();
  }
}

/** The most memory the API had so far, MiB. */
const peak = (pid: number): number =>
  Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

async function archive(broker: Broker, mebibytes: number): Promise<Row[]> {
  const path = '/v1/result/00000000-0000-0000-0000-000000000000/artifact';
  const pid = broker.apiPid;
  const before = peak(pid);
  const block = Buffer.alloc(MIB, 'an archive of artifacts ');
  let start = performance.now();
  const sent = request(`${broker.url}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'multipart/form-data; boundary=lab' },
  });
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
  sent.write('--lab\r\nContent-Disposition: form-data; name="file"; filename="file"\r\n\r\n');
  for (let n = 0; n < mebibytes; n += 1) if (!sent.write(block)) await once(sent, 'drain');
  sent.end('\r\n--lab--\r\n');
  const [response] = await answered;
  response.resume();
  if (response.statusCode !== 200) throw new Error(`the upload was answered with ${response.statusCode}`);
  const up = mebibytes / seconds(start);
  start = performance.now();
  let size = 0;
  for await (const part of (await fetch(`${broker.url}${path}`)).body as unknown as AsyncIterable<Uint8Array>)
    size += part.length;
  if (size !== mebibytes * MIB) throw new Error(`${size} bytes came back`);
  return [
    { name: `archive of ${mebibytes} MiB, in`, value: up, unit: 'MiB/s' },
    { name: `archive of ${mebibytes} MiB, out`, value: mebibytes / seconds(start), unit: 'MiB/s' },
    { name: 'memory the API had gained at its peak', value: peak(pid) - before, unit: 'MiB', aim: '< 80 MiB' },
  ];
}
