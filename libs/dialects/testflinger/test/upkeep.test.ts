import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settingsOf } from '@drover/config';
import { testflingerSettings, Background } from '@drover/dialects/testflinger';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { expectEventually } from '../../../../test/support/expect-eventually.js';
import { Session } from '../../../../test/support/testflinger-client.js';
import { RealAgent } from './agent.js';

const WITHIN = { withinMs: 40_000, everyMs: 200 };

describe('what time does to lab jobs', () => {
  let api: TestApi;
  let cli: Session;
  beforeAll(async () => {
    api = await startApi({
      env: {
        DROVER_TESTFLINGER_LEASE: '60s',
        DROVER_TESTFLINGER_CANCEL_GRACE: '60s',
        DROVER_TESTFLINGER_RETENTION: '1d',
      },
    });
    cli = new Session(api.url);
  });
  afterAll(() => api.close());

  /** Two minutes pass in silence. */
  const silence = (name: string): Promise<unknown> =>
    api.core.store.sql.run(`UPDATE agent SET last_seen_at = last_seen_at - interval '2 minutes' WHERE name = $1`, [
      name,
    ]);

  async function running(name: string): Promise<{ agent: RealAgent; id: string; queue: string }> {
    const queue = `q-${randomUUID()}`;
    const agent = new RealAgent(api.url, name, [queue]);
    await agent.start();
    const id = await cli.submit({ job_queue: queue, test_data: { test_cmds: 'sleep 100' } });
    expect((await agent.poll())?.['job_id']).toBe(id);
    await agent.post(`/v1/result/${id}`, { job_state: 'test' });
    return { agent, id, queue };
  }

  it('gives the job of an agent that fell silent to another one, as agent_lost; an agent that speaks keeps its own', async () => {
    const { agent: silent, id, queue } = await running('silent');
    const { id: kept } = await running('alive');
    const { agent: cancelledBy, id: cancelled } = await running('cancelled-and-silent');
    expect((await cli.post(`/v1/job/${cancelled}/action`, { action: 'cancel' })).text).toBe('OK');
    await api.core.store.sql.run(
      `UPDATE job SET cancel_requested_at = cancel_requested_at - interval '2 minutes' WHERE id = $1`,
      [cancelled],
    );
    await silence('silent');
    await silence(cancelledBy.name);

    await expectEventually(async () => (await cli.stateOf(id)) === 'waiting', {
      ...WITHIN,
      what: 'the job of the silent agent to wait again',
    });
    const [lost] = await api.core.query.executions(id);
    expect(lost).toMatchObject({
      state: 'ended',
      cause: 'agent_lost',
      cause_detail: expect.stringContaining('silent'),
    });
    expect(await cli.stateOf(kept)).toBe('test');
    expect((await cli.get(`/v1/job/${id}/position`)).text).toBe('0');
    const other = new RealAgent(api.url, 'other', [queue]);
    await other.start();
    expect((await other.poll())?.['job_id']).toBe(id);
    // The silent one comes back: what it says moves nothing that is another's now, and it is told nothing wrong.
    await silent.post(`/v1/result/${id}/log/output`, {
      fragment_number: 0,
      timestamp: new Date().toISOString(),
      phase: 'test',
      log_data: 'late',
    });
    expect((await api.core.query.executions(id)).map((execution) => execution.node).sort()).toEqual([
      'other',
      'silent',
    ]);
    await other.run({ job_id: id });
    expect(await api.core.query.get(id)).toMatchObject({ state: 'succeeded', node: 'other' });

    // Cancelled, and its agent never said its end: it has ended all the same.
    await expectEventually(async () => (await api.core.query.get(cancelled)).state === 'cancelled', {
      ...WITHIN,
      what: 'the end of the cancelled job',
    });
    expect(await api.core.query.get(cancelled)).toMatchObject({ cause: 'cancelled' });
    expect(await cli.stateOf(cancelled)).toBe('cancelled');
    expect(
      (await cancelledBy.post(`/v1/result/${cancelled}`, { job_state: 'complete', status: { test: 247 } })).status,
    ).toBe(200);
    expect(await cli.stateOf(cancelled)).toBe('cancelled');
  });

  it('forgets results, logs, archives, agents and queues after the retention, but nothing of a job that has not ended', async () => {
    const { agent, id: live, queue } = await running('old-agent');
    const done = randomUUID();
    for (const ref of [live, done]) {
      await cli.post(`/v1/result/${ref}`, { status: { setup: 0 } });
      await cli.post(`/v1/result/${ref}/log/output`, {
        fragment_number: 0,
        timestamp: new Date().toISOString(),
        phase: 'setup',
        log_data: 'old',
      });
      await cli.upload(`/v1/result/${ref}/artifact`, Buffer.from(`bytes of ${ref}`));
    }
    const young = randomUUID();
    await cli.post(`/v1/result/${young}`, { exit_code: 0 });
    await agent.post(`/v1/agents/provision_logs/${agent.name}`, { job_id: live, exit_code: 0 });
    const keyOf = async (ref: string): Promise<string> =>
      (
        await api.core.store.sql.rows<{ blob_key: string }>('SELECT blob_key FROM testflinger_blob WHERE ref = $1', [
          ref,
        ])
      )[0]?.blob_key ?? '';
    const [doneKey, liveKey] = [await keyOf(done), await keyOf(live)];
    for (const [table, column] of [
      ['result', 'updated_at'],
      ['fragment', 'stored_at'],
      ['blob', 'updated_at'],
    ]) {
      await api.core.store.sql.run(
        `UPDATE testflinger_${table} SET ${column} = now() - interval '2 days' WHERE ref = ANY($1)`,
        [[live, done]],
      );
    }
    await api.core.store.sql.run(
      `UPDATE testflinger_agent SET updated_at = now() - interval '2 days' WHERE name = $1`,
      [agent.name],
    );
    await api.core.store.sql.run(
      `UPDATE testflinger_queue SET updated_at = now() - interval '2 days' WHERE name = $1`,
      [queue],
    );

    await api.app.get(Background, { strict: false }).forget();

    expect((await cli.get(`/v1/result/${done}`)).status).toBe(204);
    expect((await cli.get(`/v1/result/${done}/log/output`)).json.output.setup.last_fragment_number).toBe(-1);
    expect((await cli.bytes(`/v1/result/${done}/artifact`)).status).toBe(204);
    await expect(api.core.blobs.get(doneKey)).rejects.toMatchObject({ code: 'not_found' });
    expect((await cli.get(`/v1/result/${live}`)).json).toMatchObject({
      job_state: 'test',
      setup_status: 0,
      setup_output: 'old',
    });
    expect((await cli.bytes(`/v1/result/${live}/artifact`)).bytes.toString()).toBe(`bytes of ${live}`);
    expect(liveKey).not.toBe('');
    expect((await cli.get(`/v1/result/${young}`)).json).toEqual({ exit_code: 0 });
    expect((await cli.get(`/v1/agents/data/${agent.name}`)).status).toBe(404);
    expect((await cli.get('/v1/agents/queues')).json[queue]).toBeUndefined();
    expect((await cli.get('/v1/agents/data')).json.map(({ name }: { name: string }) => name)).toContain('other');
  });
});

describe('without a lease, as the real server', () => {
  it('a silent agent keeps its job however long', async () => {
    const api = await startApi({ passive: true });
    try {
      expect(settingsOf(api.core.config, testflingerSettings)).toMatchObject({ leaseS: 0, retentionS: 7 * 86_400 });
    } finally {
      await api.close();
    }
  });
});
