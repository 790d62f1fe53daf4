export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** Parsed, where it is JSON. */
  json: any;
}

/** An HTTP session as Python's `requests` keeps one: cookies and a token go along. */
export class Session {
  private cookie: string | null = null;
  token: string | null = null;

  constructor(readonly url: string) {}

  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const raw = body instanceof FormData || typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(body === undefined || raw ? {} : { 'Content-Type': 'application/json' }),
        ...(this.cookie === null ? {} : { Cookie: this.cookie }),
        ...(this.token === null ? {} : { Authorization: `Bearer ${this.token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: raw ? (body as FormData | string) : JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(30_000),
    });
    const cookie = response.headers.get('set-cookie');
    if (cookie) this.cookie = cookie.split(';')[0] as string;
    const text = await response.text();
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      json = undefined;
    }
    return { status: response.status, headers: response.headers, text, json };
  }

  get(path: string, headers?: Record<string, string>): Promise<Answer> {
    return this.send('GET', path, undefined, headers);
  }

  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> {
    return this.send('POST', path, body, headers);
  }

  /** A multipart upload as `requests.post(files={"file": …})` makes it. */
  upload(path: string, bytes: Uint8Array, name = 'file'): Promise<Answer> {
    const form = new FormData();
    form.append(
      name,
      new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'application/x-gzip' }),
      'attachments.tar.gz',
    );
    return this.send('POST', path, form);
  }

  async bytes(
    path: string,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; headers: Headers; bytes: Buffer }> {
    const response = await fetch(`${this.url}${path}`, {
      headers: { ...(this.token === null ? {} : { Authorization: `Bearer ${this.token}` }), ...headers },
    });
    return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
  }

  async submit(job: Record<string, unknown>): Promise<string> {
    const answer = await this.post('/v1/job', job);
    if (answer.status !== 200) throw new Error(`POST /v1/job: ${answer.status} ${answer.text}`);
    return answer.json.job_id as string;
  }

  async stateOf(jobId: string): Promise<string | null> {
    const answer = await this.get(`/v1/result/${jobId}`);
    return answer.status === 204 ? null : (answer.json.job_state as string);
  }
}
