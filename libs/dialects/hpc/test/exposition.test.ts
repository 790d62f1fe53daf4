import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { expectEventually } from '../../../../test/support/expect-eventually.js';
import { HpcClient } from '../../../../test/support/hpc-client.js';
import { freePort } from '../../../../test/support/ports.js';
import { Program } from '../../../../test/support/program.js';

let api: TestApi;
let hpc: HpcClient;
const folder = mkdtempSync(join(tmpdir(), 'drover-exposition-'));
beforeAll(async () => {
  api = await startApi({
    passive: true,
    env: { DROVER_HPC_FINISHED_SERIES: '1h', DROVER_HPC_FINISHED_SERIES_MAX: '2' },
  });
  hpc = new HpcClient(api.url);
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true, force: true });
});

const scrape = async (): Promise<string> => {
  const answer = await fetch(`${api.url}/metrics`);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  return answer.text();
};
const lines = (text: string, name: string): string[] =>
  text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));

describe('/metrics of the observability service', () => {
  it('has the families of the contract with their types, labels and units', async () => {
    await hpc.post('/v1/jobs', { id: 'gpu-job', user: 'alice', nodes: ['node-01', 'node-02'] });
    await hpc.post('/v1/jobs/gpu-job/metrics', { cpu_usage: 75.5, memory_usage_mb: 4096, gpu_usage: 50 });
    await hpc.post('/v1/jobs', { id: 'odd "job" \\ \n', user: 'bob', nodes: ['node-01'] });
    const text = await scrape();
    expect(lines(text, 'hpc_job_cpu_usage_percent')).toContain(
      'hpc_job_cpu_usage_percent{job_id="gpu-job",node="node-01",user="alice"} 75.5',
    );
    expect(lines(text, 'hpc_job_memory_usage_bytes')).toContain(
      'hpc_job_memory_usage_bytes{job_id="gpu-job",node="node-01",user="alice"} 4294967296',
    );
    expect(lines(text, 'hpc_job_gpu_usage_percent')).toEqual([
      'hpc_job_gpu_usage_percent{job_id="gpu-job",node="node-01",user="alice"} 50',
    ]);
    expect(lines(text, 'hpc_job_runtime_seconds')).toHaveLength(2);
    expect(text).toContain('hpc_job_cpu_usage_percent{job_id="odd \\"job\\" \\\\ \\n",node="node-01",user="bob"} 0');
    expect(lines(text, 'hpc_job_state_total')).toEqual(
      ['pending 0', 'running 2', 'completed 0', 'failed 0', 'cancelled 0'].map(
        (pair) => `hpc_job_state_total{state="${pair.split(' ')[0]}"} ${pair.split(' ')[1]}`,
      ),
    );
    expect(lines(text, 'hpc_job_total')).toEqual(['hpc_job_total 2']);
    expect(lines(text, 'hpc_node_cpu_usage_percent')).toEqual(['hpc_node_cpu_usage_percent{node="node-01"} 37.75']);
    expect(lines(text, 'hpc_node_job_count')).toEqual(['hpc_node_job_count{node="node-01"} 2']);
    for (const [name, type] of [
      ['hpc_job_runtime_seconds', 'gauge'],
      ['hpc_job_cpu_usage_percent', 'gauge'],
      ['hpc_job_memory_usage_bytes', 'gauge'],
      ['hpc_job_gpu_usage_percent', 'gauge'],
      ['hpc_job_state_total', 'gauge'],
      ['hpc_job_total', 'counter'],
      ['hpc_node_state', 'gauge'],
      ['storage_operation_duration_seconds', 'histogram'],
      ['storage_operation_errors_total', 'counter'],
    ]) {
      expect(text).toContain(`# TYPE ${name} ${type}\n`);
      expect(text).toMatch(new RegExp(`^# HELP ${name} .+$`, 'm'));
    }
    expect(lines(text, 'storage_operation_duration_seconds_count')).toContain(
      'storage_operation_duration_seconds_count{operation="create_job",success="true"} 2',
    );
  });

  it('has the nodes with what they are and how loaded, as their daemons say', async () => {
    const post = async (
      path: string,
      body: unknown,
      token = '',
    ): Promise<{ status: number; body: { token: string } }> => {
      const answer = await fetch(`${api.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify(body),
      });
      return { status: answer.status, body: (await answer.json()) as { token: string } };
    };
    const facts = {
      hostname: 'big',
      version: '0',
      os: 'linux',
      cpus: 8,
      memory_mb: 1_024,
      gpus: [],
      labels: {},
      executors: ['process'],
    };
    const { token } = (await post('/agent/v1/register', { name: 'big', queues: ['q'], slots: 8, facts, boot_id: 'b' }))
      .body;
    expect(lines(await scrape(), 'hpc_node_cpu_load')).toEqual([]);
    expect((await post('/agent/v1/heartbeat', { slots_free: 8, running: [], cpu_load: 1.25 }, token)).status).toBe(200);
    expect((await post('/agent/v1/heartbeat', { slots_free: 8, running: [], cpu_load: 'much' }, token)).status).toBe(
      422,
    );
    const text = await scrape();
    expect(lines(text, 'hpc_node_cpu_load')).toEqual(['hpc_node_cpu_load{node="big"} 1.25']);
    expect(lines(text, 'hpc_node_total_cpus')).toEqual(['hpc_node_total_cpus{node="big"} 8']);
    expect(lines(text, 'hpc_node_total_memory_bytes')).toEqual(['hpc_node_total_memory_bytes{node="big"} 1073741824']);
    expect(lines(text, 'hpc_node_state')).toEqual(['hpc_node_state{node="big",state="idle"} 1']);
  });

  it('shows ended jobs for a time and up to a number; the counts know all of them', async () => {
    for (const id of ['e1', 'e2', 'e3']) {
      await hpc.post('/v1/jobs', { id, user: 'eve', nodes: ['n'] });
      await hpc.patch(`/v1/jobs/${id}`, { state: 'completed' });
    }
    const text = await scrape();
    expect(
      lines(text, 'hpc_job_runtime_seconds')
        .filter((line) => line.includes('eve'))
        .map((line) => /job_id="(e\d)"/.exec(line)?.[1]),
    ).toEqual(['e3', 'e2']);
    expect(text).toContain('hpc_job_state_total{state="completed"} 3\n');
    await api.core.store.sql.run(`UPDATE job SET finished_at = finished_at - interval '2 hours' WHERE owner = 'eve'`);
    expect(await scrape()).not.toContain('user="eve"');
  });

  it('is read by promtool without an error; of the names it only dislikes those that are not ours to choose', () =>
    scrape().then((text) => {
      const { stdout, stderr, error } = spawnSync('promtool', ['check', 'metrics'], {
        input: text,
        encoding: 'utf8',
        timeout: 20_000,
      });
      expect(error).toBeUndefined();
      const said = `${stdout}${stderr}`
        .trim()
        .split('\n')
        .filter((line) => line !== '');
      // Names that the contracts of the two services and the client library fix. Their suffixes are disliked; nothing
      // else may be said of anything.
      const fixed =
        /^(hpc_job_state_total|hpc_node_job_count|nodejs_active_\w+_total|proxy_\w+) non-\w+( and non-summary)? metrics should not have "_(total|count)" suffix$/;
      expect(said.filter((line) => !fixed.test(line))).toEqual([]);
    }));

  it('is scraped by a real Prometheus, which finds the values', async () => {
    const port = await freePort();
    writeFileSync(
      join(folder, 'prometheus.yml'),
      `global: {scrape_interval: 1s}\nscrape_configs: [{job_name: drover, static_configs: [{targets: ['${api.url.replace('http://', '')}']}]}]\n`,
    );
    const prometheus = new Program({
      name: 'prometheus',
      argv: [
        'prometheus',
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'tsdb')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      env: {},
      logPath: join(folder, 'prometheus.log'),
    });
    prometheus.start();
    try {
      const value = await expectEventually(
        async () => {
          const answer = await fetch(
            `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent('hpc_job_cpu_usage_percent{job_id="gpu-job"}')}`,
            { signal: AbortSignal.timeout(2_000) },
          );
          const { data } = (await answer.json()) as {
            data: { result: { metric: Record<string, string>; value: [number, string] }[] };
          };
          const [first] = data.result;
          if (!first) throw new Error('no value yet');
          return first;
        },
        { withinMs: 40_000, everyMs: 200, what: 'a scraped value' },
      );
      expect(value.value[1]).toBe('75.5');
      expect(value.metric).toMatchObject({ node: 'node-01', user: 'alice' });
    } finally {
      await prometheus.stop();
    }
  });
});
