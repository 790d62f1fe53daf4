import { createServer, type IncomingMessage } from 'node:http';
import { gzipSync } from 'node:zlib';
import { Session, type Answer } from '../../../../test/support/testflinger-client.js';

export const ZERO = '00000000-0000-0000-0000-000000000000';

/** The calls of the current agent, in its order. */
export class RealAgent extends Session {
  constructor(
    url: string,
    readonly name: string,
    readonly queues: string[],
  ) {
    super(url);
  }

  private async must(method: string, path: string, body?: unknown): Promise<Answer> {
    const answer = await this.send(method, path, body);
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer;
  }

  async start(): Promise<void> {
    await this.must('POST', `/v1/agents/data/${this.name}`, { state: 'waiting', comment: '' });
    await this.must(
      'POST',
      '/v1/agents/queues',
      Object.fromEntries(this.queues.map((queue) => [queue, `the queue ${queue}`])),
    );
    await this.must(
      'POST',
      '/v1/agents/images',
      Object.fromEntries(this.queues.map((queue) => [queue, { core24: 'url: http://images.example/core24.img.xz' }])),
    );
    await this.must('POST', `/v1/agents/data/${this.name}`, {
      location: 'rack 1',
      queues: this.queues,
      provision_type: 'noprovision',
    });
  }

  /** One turn of the idle loop; the job, if there is one. */
  async poll(): Promise<Record<string, any> | null> {
    await this.must('GET', '/v1/');
    await this.must('GET', `/v1/agents/data/${this.name}`);
    await this.must(
      'POST',
      '/v1/agents/queues',
      Object.fromEntries(this.queues.map((queue) => [queue, `the queue ${queue}`])),
    );
    const { json } = await this.must('GET', `/v1/agents/data/${this.name}`);
    const restricted = Object.keys(json.restricted_to as object);
    const asked = restricted.length > 0 ? restricted : this.queues;
    const answer = await this.get(`/v1/job?${asked.map((queue) => `queue=${encodeURIComponent(queue)}`).join('&')}`);
    if (answer.status !== 200 && answer.status !== 204) throw new Error(`GET /v1/job: ${answer.status} ${answer.text}`);
    return answer.status === 200 ? answer.json : null;
  }

  /** Runs a job through its phases. `codes`: exit codes, 0 where absent. Stops at a cancel, as the real one does. */
  async run(
    job: Record<string, any>,
    codes: Record<string, number> = {},
    beforePhase: (phase: string) => Promise<void> = async () => undefined,
  ): Promise<void> {
    const id = job['job_id'] as string;
    const status: Record<string, number> = {};
    const fragments = { output: 0, serial: 0 };
    await this.must('POST', `/v1/agents/data/${this.name}`, { job_id: id });
    if (job['attachments_status'] === 'complete') await this.must('GET', `/v1/job/${id}/attachments`);
    for (const phase of ['setup', 'provision', 'firmware_update', 'test', 'allocate', 'reserve']) {
      await beforePhase(phase);
      const { json } = await this.must('GET', `/v1/result/${id}`);
      if (json.job_state === 'cancelled') break;
      await this.must('POST', `/v1/result/${id}`, { job_state: phase });
      await this.must('POST', `/v1/agents/data/${this.name}`, { state: phase, comment: `Running ${id}` });
      if (phase !== 'setup' && Object.keys((job[`${phase}_data`] as object | undefined) ?? {}).length === 0) continue;
      for (const text of [`* Starting testflinger ${phase} phase on ${this.name} *\n`, `${phase} runs\n`]) {
        await this.must('POST', `/v1/result/${id}/log/output`, {
          fragment_number: fragments.output++,
          timestamp: new Date().toISOString().replace('Z', '000+00:00'),
          phase,
          log_data: text,
        });
      }
      await this.must('POST', `/v1/result/${id}/log/serial`, {
        fragment_number: fragments.serial++,
        timestamp: new Date().toISOString(),
        phase,
        log_data: `serial of ${phase}\u0000\n`,
      });
      if (phase === 'provision')
        await this.must('POST', `/v1/result/${id}`, { device_info: { device_ip: '10.0.0.7' } });
      status[phase] = codes[phase] ?? 0;
      await this.must('POST', `/v1/result/${id}`, { status });
      if (phase === 'provision') {
        await this.must('POST', `/v1/agents/provision_logs/${this.name}`, {
          job_id: id,
          exit_code: status[phase],
          detail: status[phase] === 0 ? 'provision_success' : 'provision_fail',
        });
      }
      if (status[phase] !== 0 && phase !== 'test') break;
    }
    await this.upload(`/v1/result/${id}/artifact`, gzipSync('artifacts'));
    await this.must('POST', `/v1/result/${id}`, { status, job_state: 'complete' });
    await this.must('GET', '/v1/');
    await this.must('POST', `/v1/agents/data/${this.name}`, { job_id: '' });
    await this.must('GET', `/v1/agents/data/${this.name}`);
    await this.must('POST', `/v1/agents/data/${this.name}`, { state: 'waiting' });
  }
}

/** A webhook on loopback that remembers what it got. */
export async function startWebhook(
  answer: { status?: number; text?: string; silent?: boolean; location?: string } = {},
): Promise<{ url: string; seen: { method: string; body: string }[]; close(): Promise<void> }> {
  const seen: { method: string; body: string }[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const parts: Buffer[] = [];
    request
      .on('data', (part: Buffer) => parts.push(part))
      .on('end', () => {
        seen.push({ method: request.method ?? '', body: Buffer.concat(parts).toString() });
        if (!answer.silent)
          response
            .writeHead(answer.status ?? 200, {
              'Content-Type': 'text/html',
              ...(answer.location === undefined ? {} : { Location: answer.location }),
            })
            .end(answer.text ?? 'webhook says OK');
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}/hook`,
    seen,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
