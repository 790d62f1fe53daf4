/* eslint-disable @typescript-eslint/no-explicit-any -- a test says what it expects of the body */

export interface Reply {
  status: number;
  body: any;
  headers: Headers;
}

type Scalar = string | number | boolean | null;

/** Writes an object as Python prints a dict. */
const pythonDict = (value: Record<string, string>): string => {
  const quoted = (text: string): string =>
    text.includes("'") && !text.includes('"')
      ? `"${text}"`
      : `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
  return `{${Object.entries(value)
    .map(([key, text]) => `${quoted(key)}: ${quoted(text)}`)
    .join(', ')}}`;
};

/** Writes a query as httpx does: True is true, None is an empty value. */
function queryOf(params: Record<string, Scalar | Record<string, string>>): string {
  const pairs = Object.entries(params).map(([name, value]): [string, string] => [
    name,
    value === null ? '' : typeof value === 'object' ? pythonDict(value) : String(value),
  ]);
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
}

/**
 * The client flux-restful-client 0.2.1, call by call as the contract has its bytes: submits in the query string with an
 * empty body and no content type, the token dance after a 401, the repeated call without its query and with all fields
 * in a JSON body, five seconds at most.
 */
export class FluxClient {
  private authorization: string | null = null;

  constructor(
    private readonly url: string,
    /** Makes the token of the dance; without it the client gives up at 401. */
    private readonly proof?: () => Promise<string>,
  ) {}

  /** Every request it made, in order: `POST /v1/jobs/submit 401`. */
  readonly log: string[] = [];

  nodes = (): Promise<Reply> => this.request('GET', 'nodes');
  jobs = (id?: string): Promise<Reply> => this.request('GET', id === undefined ? 'jobs' : `jobs/${id}`);
  details = (): Promise<Reply> => this.request('GET', 'jobs', { detail: true, listing: true });
  output = (id: string): Promise<Reply> => this.request('GET', `jobs/${id}/output`);
  cancel = (id: string): Promise<Reply> => this.request('POST', `jobs/${id}/cancel`);
  stopService = (): Promise<Reply> => this.request('POST', 'service/stop');
  search = (params: { query?: string; start?: number; length?: number } = {}): Promise<Reply> =>
    this.request('GET', 'jobs/search', params as Record<string, Scalar>);

  submit(
    command: string | (string | number)[],
    more: Record<string, Scalar | Record<string, string>> = {},
  ): Promise<Reply> {
    const fields: Record<string, Scalar | Record<string, string>> = {
      command: Array.isArray(command) ? command.map(String).join(' ') : command,
      ...more,
    };
    const flags = fields['option_flags'];
    if (flags && typeof flags === 'object')
      fields['option_flags'] = Object.entries(flags)
        .map(([key, value]) => `${key}=${value}`)
        .join(',');
    return this.request('POST', 'jobs/submit', fields);
  }

  /** The command line `flux-restful-cli submit WORDS...` sends always these eight. */
  submitCli(command: string): Promise<Reply> {
    return this.submit(command, {
      num_tasks: 1,
      cores_per_task: 1,
      gpus_per_task: null,
      num_nodes: null,
      exclusive: false,
      workdir: null,
      envars: null,
    });
  }

  private async request(
    method: string,
    endpoint: string,
    params: Record<string, Scalar | Record<string, string>> = {},
  ): Promise<Reply> {
    const first = await this.send(method, `${endpoint}${queryOf(params)}`);
    if (first.status !== 401 || first.headers.get('www-authenticate') === null || !this.proof) return first;
    this.authorization = null;
    const token = await this.send('POST', 'token', undefined, `Bearer ${await this.proof()}`);
    if (token.status !== 200) throw new Error(`AttributeError: no token: ${token.status}`);
    this.authorization = `Bearer ${token.body.access_token}`;
    return this.send(method, endpoint, params);
  }

  private async send(method: string, path: string, json?: object, authorization = this.authorization): Promise<Reply> {
    const answer = await fetch(`${this.url}/v1/${path}`, {
      method,
      redirect: 'manual',
      headers: {
        accept: '*/*',
        ...(json ? { 'content-type': 'application/json' } : {}),
        ...(authorization ? { authorization } : {}),
      },
      ...(json && method !== 'GET' ? { body: JSON.stringify(json) } : {}),
      signal: AbortSignal.timeout(5_000),
    });
    this.log.push(`${method} /v1/${path.split('?')[0]} ${answer.status}`);
    const text = await answer.text();
    if (!answer.headers.get('content-type')?.startsWith('application/json'))
      throw new Error(`no JSON: ${text.slice(0, 200)}`);
    return { status: answer.status, body: JSON.parse(text), headers: answer.headers };
  }
}
