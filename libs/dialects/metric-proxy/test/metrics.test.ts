import { execFile } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { ask, FakeNode, jobDesc } from '../../../../test/support/fake-node.js';

/**
 * The verdict of promtool on a text: exit code 1 = it cannot be read; 3 = read, but its names are not as Prometheus
 * likes them.
 */
export function promtool(text: string): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    const child = execFile('promtool', ['check', 'metrics'], { timeout: 20_000 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? -1) : 0, said: stdout + stderr }),
    );
    child.stdin?.end(text);
  });
}

let api: TestApi;
let node: FakeNode;
beforeAll(async () => {
  api = await startApi({ env: { METRIC_PROXY_NODE: 'n1', METRIC_PROXY_SYSTEM: 'off' } });
  node = await FakeNode.register(api.url, 'n1');
});
afterAll(() => api.close());

describe('the export of one job', () => {
  it('has one HELP and TYPE a family with the true type, its members below, and ends in # EOF', async () => {
    await node.job(
      'j',
      { 'io_total{op="read"}': 100, 'io_total{op="write"}': 0, level_g: 2.5, never_g: null },
      { desc: jobDesc('j') },
    );
    const { text, status, type } = await ask(api.url, '/metrics/?job=j');
    expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(text).toBe(
      '# HELP io_total doc of io_total{op="read"}\n# TYPE io_total counter\nio_total{op="read"} 100\nio_total{op="write"} 0\n# HELP level_g doc of level_g\n# TYPE level_g gauge\nlevel_g 2.5\n' +
        '# HELP never_g doc of never_g\n# TYPE never_g gauge\nnever_g NaN\n# EOF\n',
    );
    expect((await promtool(text)).code).toBe(0);
  });

  it('has as HELP of a group the doc of its first member, not of the first by the alphabet', async () => {
    await node.job('grouped', { 'calls_total{op="write"}': 1, 'calls_total{op="a"}': 2 }, { desc: jobDesc('grouped') });
    for (const path of ['/metrics/?job=grouped', '/metrics'])
      expect((await ask(api.url, path)).text).toContain('# HELP calls_total doc of calls_total{op="write"}\n');
  });

  it('of main and the nodes is there, of anything else refused', async () => {
    for (const id of ['main', 'Node:%20n1', 'Node:+n1'])
      expect((await ask(api.url, `/metrics?job=${id}`)).text).toContain('\nlevel_g 2.5\n');
    // A repeated key counts once.
    expect((await ask(api.url, '/metrics/?job=nope&job=j')).status).toBe(400);
    for (const id of ['nope', ''])
      expect(await ask(api.url, `/metrics/?job=${id}`)).toMatchObject({
        status: 400,
        body: { operation: `No such jobid ${id}`, success: false },
      });
  });
});

describe('/metrics', () => {
  it('can be read whatever was pushed', async () => {
    const names = [
      'ok_total',
      'app.calls_total',
      '9lives',
      'sp ace',
      'x{code="500,method="get"}',
      'x{a="1",a="2"}',
      'x{bad}',
      'x{}',
      'x{__name__="y"}',
      'ünï_total{k="ö\\n"}',
      'drover_build_info',
      'process_cpu_seconds_total',
      'process_resident_memory_bytes_g',
      'drover_http_request_seconds_count',
      'nodejs_gc_duration_seconds_sum',
      'quote{a="say \\"hi\\""}',
      'x_g{le="1"}',
      '# EOF',
      'a\nb',
    ];
    for (const name of names) {
      await node.job('j', { [name]: 1 }).catch(() => undefined);
      await ask(api.url, `/push?key=${encodeURIComponent(name)}&doc=${encodeURIComponent(`doc\nwith \\ ${name}`)}`);
    }
    for (const path of ['/metrics', '/metrics/?job=main', '/metrics/?job=j']) {
      const { text } = await ask(api.url, path);
      expect(text.endsWith('# EOF\n')).toBe(true);
      expect(text.match(/# EOF/g)?.length).toBeGreaterThanOrEqual(1);
      const { code, said } = await promtool(text);
      expect([0, 3], said).toContain(code);
    }
    const { text } = await ask(api.url, '/metrics');
    expect(text).toContain('\nok_total ');
    expect(text).toContain('\n# TYPE drover_build_info gauge\n');
  });
});
