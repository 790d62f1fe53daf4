import { describe, expect, it } from 'vitest';
import { hiddenEnv, maskedValue, originOnly } from './secret-names.js';

const NAMES = [
  'DATABASE_URL',
  'SMTP_URL',
  'PGPASS',
  'MYSQL_PWD',
  'GITHUB_PAT',
  'AUTH',
  'SSH_PRIVATE',
  'COOKIE',
  'PASSPHRASE',
  'PLAIN',
];
const SECRET = 'hunter2';

describe('what onlookers see of a job', () => {
  it('is of an environment its names alone, whatever they are', () => {
    const env = Object.fromEntries(NAMES.map((name) => [name, SECRET]));
    expect(hiddenEnv(env)).toEqual(Object.fromEntries(NAMES.map((name) => [name, '***'])));
    for (const name of ['env', 'envs', 'environ', 'environment']) {
      expect(maskedValue({ attributes: { [name]: env } })).toEqual({ attributes: { [name]: hiddenEnv(env) } });
      expect(maskedValue({ [name]: [`A=${SECRET}`, SECRET] })).toEqual({ [name]: ['A=***', '***'] });
    }
  });

  it('is of a webhook the origin of its URL, and no header', () => {
    expect(originOnly('https://me:pw@hooks.example:8443/services/T0/B0/XXX?a=b#c')).toBe('https://hooks.example:8443');
    expect(originOnly('someone@mail.example')).toBe('someone@mail.example');
    const hook = { url: `https://hooks.example/services/${SECRET}`, headers: { 'X-Any': SECRET }, retries: 3 };
    expect(maskedValue({ webhooks: { fails: [hook] }, job_status_webhook: hook.url })).toEqual({
      webhooks: { fails: [{ url: 'https://hooks.example', headers: { 'X-Any': '***' }, retries: 3 }] },
      job_status_webhook: 'https://hooks.example',
    });
  });

  it('is of free data what has no name of a secret, and of URLs no login and no value of the query', () => {
    expect(maskedValue(Object.fromEntries(NAMES.map((name) => [name, 'https://u:p@db.example/x?a=1'])))).toEqual({
      ...Object.fromEntries(NAMES.map((name) => [name, '***'])),
      DATABASE_URL: 'https://db.example/x?a=***',
      SMTP_URL: 'https://db.example/x?a=***',
      PLAIN: 'https://db.example/x?a=***',
    });
    expect(maskedValue({ token: SECRET, author: 'me', deep: [{ api_key: SECRET, path: '/x' }] })).toEqual({
      token: '***',
      author: 'me',
      deep: [{ api_key: '***', path: '/x' }],
    });
  });
});
