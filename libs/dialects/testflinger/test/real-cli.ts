import { Session, type Answer } from '../../../../test/support/testflinger-client.js';

/**
 * The calls of the current command line: a login or the question for one first, then what each command asks, in its
 * order. Throws where the real one ends with an error.
 */
export class RealCli extends Session {
  private refreshToken: string | null = null;
  private asked = false;

  constructor(
    url: string,
    private readonly credentials?: { id: string; key: string },
  ) {
    super(url);
  }

  /** Before the first request of every process. */
  async begin(): Promise<void> {
    if (this.asked) return;
    this.asked = true;
    if (this.credentials) {
      const { id, key } = this.credentials;
      const answer = await this.send('POST', '/v1/oauth2/token', undefined, {
        Authorization: `Basic ${Buffer.from(`${id}:${key}`).toString('base64')}`,
      });
      if (answer.status !== 200) throw new Error(`login: ${answer.status} ${answer.text}`);
      this.token = answer.json.access_token;
      this.refreshToken = answer.json.refresh_token;
    } else {
      const { status } = await this.send('POST', '/oidc/auth-init');
      if (status !== 404) throw new Error(`auth-init: ${status}`);
    }
  }

  /** 200, or the end of the command; 204 is told apart by the caller. A 401 is replayed once with a fresh token. */
  async call(method: string, path: string, body?: unknown): Promise<Answer> {
    await this.begin();
    let answer = await this.send(method, path, body);
    if (answer.status === 401 && this.refreshToken !== null) {
      const fresh = await this.send(
        'POST',
        '/v1/oauth2/refresh',
        { refresh_token: this.refreshToken },
        { Authorization: '' },
      );
      if (fresh.status !== 200) throw new Error(`refresh: ${fresh.status}`);
      this.token = fresh.json.access_token;
      answer = await this.send(method, path, body);
    }
    if (answer.status !== 200 && answer.status !== 204) {
      // A 403 that is no JSON makes it speak of a VPN.
      if (typeof answer.json?.message !== 'string' && answer.status !== 400)
        throw new Error(`${method} ${path}: ${answer.status} without a message`);
      throw new Error(`${answer.status} ${answer.json?.message ?? answer.text}`);
    }
    return answer;
  }

  async submitJob(job: Record<string, unknown>, attachments?: Uint8Array): Promise<string> {
    const agents = await this.call('GET', `/v1/queues/${encodeURIComponent(String(job['job_queue']))}/agents`);
    const usable = (agents.json as { name: string; state: string }[]).filter(({ state }) => state !== 'offline');
    if (usable.length === 0) throw new Error(`No online agents available for queue ${String(job['job_queue'])}`);
    const { json } = await this.call('POST', '/v1/job', job);
    if (attachments) {
      const sent = await this.upload(`/v1/job/${json.job_id}/attachments`, attachments);
      if (sent.status !== 200) throw new Error(`attachments: ${sent.status} ${sent.text}`);
    }
    return json.job_id as string;
  }

  /** One round of `poll`: what is new since the last fragment, and the state. */
  async pollOnce(
    id: string,
    from: number,
  ): Promise<{ state: string; text: string; next: number; position: number | null }> {
    const { json } = await this.call('GET', `/v1/result/${id}`);
    const log = await this.call('GET', `/v1/result/${id}/log/output?start_fragment=${from}`);
    const phases = Object.values(log.json.output as Record<string, { last_fragment_number: number; log_data: string }>);
    const position = json.job_state === 'waiting' ? await this.call('GET', `/v1/job/${id}/position`) : null;
    return {
      state: json.job_state,
      text: phases.map(({ log_data }) => log_data).join(''),
      next: Math.max(from, ...phases.map(({ last_fragment_number }) => last_fragment_number + 1)),
      position: position ? Number.parseInt(position.text, 10) : null,
    };
  }
}
