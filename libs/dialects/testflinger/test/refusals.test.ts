import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { Session } from '../../../../test/support/testflinger-client.js';
import { ZERO } from './agent.js';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const REQUIRED = 'Missing data for required field.';
const NO_STRING = 'Not a valid string.';
const NO_INTEGER = 'Not a valid integer.';
const NO_LIST = 'Not a valid list.';
const NULL = 'Field may not be null.';
const UNKNOWN = 'Unknown field.';
const SHORT = 'Shorter than minimum length 1.';
const NO_OBJECT = { _schema: ['Invalid input type.'] };
const PHASES = 'Must be one of: setup, provision, firmware_update, test, allocate, reserve, cleanup.';
const FRAGMENT = { fragment_number: 0, timestamp: '2026-01-01T00:00:00Z', phase: 'test', log_data: 'x' };
const LOG = `result/${ZERO}/log/output`;

/** [method, path below /v1, body, status, `detail.json`] */
const REFUSED_FIELDS: [string, string, unknown, Record<string, unknown>][] = [
  ['POST', `result/${ZERO}`, { foo: 'bar' }, { foo: [UNKNOWN] }],
  ['POST', `result/${ZERO}`, { serial: 'x' }, { serial: [UNKNOWN] }],
  ['POST', `result/${ZERO}`, [], NO_OBJECT],
  ['POST', `result/${ZERO}`, { exit_code: 'x', output: 1 }, { exit_code: [NO_INTEGER], output: [NO_STRING] }],
  ['POST', `result/${ZERO}`, { job_state: null }, { job_state: [NULL] }],
  ['POST', `result/${ZERO}`, { job_state: 'a\u0000b' }, { job_state: [NO_STRING] }],
  ['POST', `result/${ZERO}`, { job_state: 'x'.repeat(1_001) }, { job_state: [NO_STRING] }],
  ['POST', `result/${ZERO}`, { status: { lunch: 0, test: 'x' } }, { status: { lunch: [UNKNOWN], test: [NO_INTEGER] } }],
  ['POST', `result/${ZERO}`, { device_info: [] }, { device_info: ['Not a valid mapping type.'] }],
  [
    'POST',
    `result/${ZERO}`,
    { test_status: 'x', test_output: 1, test_serial: null },
    { test_status: [NO_INTEGER], test_output: [NO_STRING], test_serial: [NULL] },
  ],
  ['POST', LOG, {}, { fragment_number: [REQUIRED], timestamp: [REQUIRED], phase: [REQUIRED], log_data: [REQUIRED] }],
  ['POST', LOG, { ...FRAGMENT, fragment_number: 'x' }, { fragment_number: [NO_INTEGER] }],
  ['POST', LOG, { ...FRAGMENT, timestamp: 'yesterday' }, { timestamp: ['Not a valid datetime.'] }],
  ['POST', LOG, { ...FRAGMENT, phase: 'lunch' }, { phase: [PHASES] }],
  ['POST', LOG, { ...FRAGMENT, log_data: null }, { log_data: [NULL] }],
  ['POST', LOG, { ...FRAGMENT, more: 1 }, { more: [UNKNOWN] }],
  ['POST', `job/${ZERO}/action`, {}, { action: [REQUIRED] }],
  ['POST', `job/${ZERO}/action`, { action: 'dance' }, { action: ['Must be one of: cancel.'] }],
  [
    'POST',
    'agents/data/a',
    { state: 7, queues: 'x', log: [1] },
    { state: [NO_STRING], queues: [NO_LIST], log: { 0: [NO_STRING] } },
  ],
  ['POST', 'agents/data/a', { comment: null }, { comment: [NULL] }],
  ['POST', 'agents/data/a', [], NO_OBJECT],
  ['POST', 'agents/data/a', { comment: '\u0000' }, { _schema: [NO_STRING] }],
  ['POST', 'agents/queues', { '': 'x' }, { '': { key: [SHORT] } }],
  ['POST', 'agents/queues', { a: 1 }, { a: { value: [NO_STRING] } }],
  ['POST', 'agents/queues', { 'a\u0000': '' }, { 'a\u0000': [NO_STRING] }],
  ['POST', 'agents/images', { a: 'x' }, { a: { value: ['Not a valid mapping type.'] } }],
  [
    'POST',
    'agents/images',
    { a: { '': 'x' } },
    { a: { value: { '': { key: ['String does not match expected pattern.'] } } } },
  ],
  [
    'POST',
    'agents/images',
    { a: { 'b.c': 'x', $d: 'y', ok: 1 } },
    {
      a: {
        value: {
          'b.c': { key: ['String does not match expected pattern.'] },
          $d: { key: ['String does not match expected pattern.'] },
          ok: { value: [NO_STRING] },
        },
      },
    },
  ],
  ['POST', 'agents/provision_logs/a', {}, { job_id: [REQUIRED], exit_code: [REQUIRED] }],
  [
    'POST',
    'agents/provision_logs/a',
    { job_id: 1, exit_code: 'x', more: 1 },
    { job_id: [NO_STRING], exit_code: [NO_INTEGER], more: [UNKNOWN] },
  ],
  ['POST', 'oauth2/refresh', {}, { refresh_token: [REQUIRED] }],
  ['POST', 'oauth2/refresh', { refresh_token: '' }, { refresh_token: [SHORT] }],
  ['POST', 'oauth2/refresh', { refresh_token: 1 }, { refresh_token: [NO_STRING] }],
];

/** [method, path below /v1, body, headers, status, whole text or message] */
const REFUSED: [
  string,
  string,
  unknown,
  Record<string, string>,
  number,
  string | { message: unknown; detail: unknown },
][] = [
  ['GET', 'job', undefined, {}, 400, { message: 'No queue(s) specified in request', detail: {} }],
  [
    'POST',
    'job',
    '{"job_queue":',
    JSON_TYPE,
    400,
    { message: 'Bad Request', detail: { reason: expect.stringContaining('no valid JSON') } },
  ],
  ['POST', `job/${ZERO}/action`, { action: 'cancel' }, {}, 404, { message: `There is no job ${ZERO}.`, detail: {} }],
  ['POST', 'job/no-id/action', { action: 'cancel' }, {}, 400, 'Invalid job id'],
  ['POST', 'job/no-id/attachments', undefined, {}, 400, 'Invalid job id'],
  ['GET', 'job/no-id/attachments', undefined, {}, 400, 'Invalid job id'],
  ['POST', 'result/no-id/artifact', undefined, {}, 400, 'Invalid job id'],
  ['GET', 'result/no-id/artifact', undefined, {}, 400, 'Invalid job id'],
  ['POST', 'result/no-id', undefined, {}, 400, { message: 'Invalid job_id specified', detail: {} }],
  ['GET', `job/${ZERO}/position`, undefined, {}, 410, 'Job not found or already started'],
  ['POST', `job/${ZERO}/attachments`, undefined, {}, 422, { message: 'Job not awaiting attachments', detail: {} }],
  ['POST', `result/${ZERO}/artifact`, { file: 'x' }, {}, 400, { message: 'No file part in the request', detail: {} }],
  [
    'POST',
    `job/${ZERO}/events`,
    {},
    {},
    400,
    { message: 'Bad Request', detail: { json: { job_status_webhook: [REQUIRED] } } },
  ],
  [
    'POST',
    `job/${ZERO}/events`,
    { job_status_webhook: 'no url' },
    {},
    400,
    { message: 'Bad Request', detail: { json: { job_status_webhook: ['Not a valid URL.'] } } },
  ],
  [
    'GET',
    'job/search?match=some',
    undefined,
    {},
    422,
    { message: 'Validation error', detail: { query: { match: ['Must be one of: any, all.'] } } },
  ],
  [
    'GET',
    `${LOG}?phase=lunch&start_fragment=-1&start_timestamp=x`,
    undefined,
    {},
    400,
    {
      message: {
        phase: [PHASES],
        start_fragment: ['Must be greater than or equal to 0.'],
        start_timestamp: ['Not a valid datetime.'],
      },
      detail: {},
    },
  ],
  ['GET', `result/${ZERO}/log/other`, undefined, {}, 404, { message: 'Not Found', detail: {} }],
  ['POST', `result/${ZERO}/log/other`, FRAGMENT, {}, 404, { message: 'Not Found', detail: {} }],
  ['POST', 'oauth2/token', {}, {}, 401, 'Invalid client id or client key'],
  ['POST', 'oauth2/refresh', { refresh_token: 'unknown' }, {}, 400, { message: 'Invalid refresh token', detail: {} }],
  [
    'GET',
    'client-permissions',
    undefined,
    {},
    401,
    { message: 'Authentication required: get a token at /v1/oauth2/token', detail: {} },
  ],
  ['PUT', 'secrets/me/a', { value: 'x' }, {}, 401, { message: 'Authentication required to use secrets', detail: {} }],
  ['GET', 'restricted-queues/none', undefined, {}, 404, { message: 'Error: Restricted queue not found.', detail: {} }],
];

describe('what the Testflinger API refuses', () => {
  let api: TestApi;
  let http: Session;
  beforeAll(async () => {
    api = await startApi();
    http = new Session(api.url);
  });
  afterAll(() => api.close());

  it.each(REFUSED_FIELDS)('says which field is wrong and why: %s %s %j', async (method, path, body, json) => {
    const answer = await http.send(method, `/v1/${path}`, body);
    expect([answer.status, answer.json]).toEqual([422, { message: 'Validation error', detail: { json } }]);
  });

  it.each(REFUSED)('says what is wrong: %s %s', async (method, path, body, headers, status, words) => {
    const answer = await http.send(method, `/v1/${path}`, body, headers);
    expect([answer.status, typeof words === 'string' ? answer.text : answer.json]).toEqual([status, words]);
  });

  it('takes every spelling of an id that Python takes, and no other', async () => {
    const hex = '0123456789abcdef0123456789ABCDEF';
    const dashed = hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    for (const ref of [hex, dashed, `{${dashed}}`, `urn:uuid:${dashed}`, `urn:uuid:${hex}`])
      expect((await http.get(`/v1/job/${encodeURIComponent(ref)}`)).status, ref).toBe(204);
    for (const ref of [
      `${hex}0`,
      hex.slice(1),
      `${dashed}/`,
      'x'.repeat(32),
      '../../etc/passwd',
      `${hex}\u0000`,
      '%',
      ' ',
      'ü'.repeat(32),
    ]) {
      const answer = await http.get(`/v1/job/${encodeURIComponent(ref)}`);
      expect([answer.status, answer.json?.message], ref).toEqual([400, 'Invalid job_id specified']);
    }
  });

  it('answers no mistake of a client with 5xx, whatever stands where', async () => {
    const odd = ['%', '%ff', '%00', '..%2f..', '%F0%9F%98%80', '%ED%A0%80', 'a'.repeat(5_000), '%7B%7D', ZERO];
    const bodies = [
      '',
      '{',
      'null',
      '[]',
      '"x"',
      '7',
      '{"__proto__":{"a":1},"constructor":1}',
      `{"job_queue":"q","a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
      '{"job_queue":"\\ud800"}',
      '{"job_queue":"q","tags":["\\u0000"]}',
      `{"job_priority":1e400,"job_queue":"q"}`,
    ];
    const paths = [
      'job',
      'job/X',
      'job/X/position',
      'job/X/action',
      'job/X/attachments',
      'job/X/events',
      'result/X',
      'result/X/artifact',
      'result/X/log/output',
      'result/X/log/X',
      'result/X/output',
      'agents/data/X',
      'agents/queues',
      'agents/images',
      'agents/images/X',
      'agents/provision_logs/X',
      'queues/X/agents',
      'queues/X/jobs',
      'queues/wait_times?queue=X',
      'job/search?tags=X&state=X',
      'oauth2/token',
      'oauth2/refresh',
      'restricted-queues/X',
      'client-permissions/X',
      'secrets/X/X',
    ];
    const bad: string[] = [];
    const ask = async (method: string, path: string, body?: string): Promise<void> => {
      const { status, text } = await http.send(method, path, body, body === undefined ? {} : JSON_TYPE);
      if (status >= 500)
        bad.push(`${method} ${path.slice(0, 60)} ${body?.slice(0, 60) ?? ''}: ${status} ${text.slice(0, 100)}`);
    };
    for (const path of paths) {
      for (const one of path.includes('X') ? odd : ['']) await ask('GET', `/v1/${path.replaceAll('X', one)}`);
      for (const body of bodies) await ask('POST', `/v1/${path.replaceAll('X', ZERO)}`, body);
      for (const one of odd) if (path.includes('X')) await ask('POST', `/v1/${path.replaceAll('X', one)}`, '{}');
    }
    expect(bad).toEqual([]);
  });

  it('keeps nothing of what it refused', async () => {
    expect((await http.get(`/v1/result/${ZERO}`)).status).toBe(204);
    expect((await http.get(`/v1/${LOG}`)).json.output.test).toEqual({ last_fragment_number: -1, log_data: '' });
    expect((await http.get('/v1/agents/images/a')).json).toEqual({});
    expect(await api.core.query.count({ dialect: 'testflinger', queue: '' })).toBe(0);
  });
});
