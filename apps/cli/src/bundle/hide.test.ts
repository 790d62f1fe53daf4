import { describe, expect, it } from 'vitest';
import { hider } from './hide.js';

const SECRET = 'Zk3oQm1xT8s5vB2nL7cR9dW4yH6jP0aE1uG3iK5fX8M';
const ID = '0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1a05';

describe('a text for support', () => {
  const hide = hider(undefined);
  it.each([
    `enrolled with invite.${ID}.${SECRET}`,
    `{"key":"node.${ID}.${SECRET}"}`,
    `Authorization: ${ID}.${SECRET}`,
    `ALTER ROLE "drover_tickets_1" LOGIN PASSWORD '${SECRET}'`,
    `CREATE ROLE a ENCRYPTED password 'it''s ${SECRET}' VALID UNTIL 'infinity'`,
    `ALTER ROLE a PASSWORD '${SECRET}`,
    `https://${SECRET}@collector.example/v1`,
    `postgres://ada:${SECRET}@db/drover`,
    `"password": "${SECRET}"`,
    `Bearer ${SECRET}`,
  ])('has no secret of %j', (text) => {
    expect(hide(text)).not.toContain(SECRET.slice(0, 12));
    expect(hide(text)).toContain('***');
  });

  it.each([
    `job ${ID} has ended`,
    'https://broker.lab.example/ui/',
    'the password is wrong: correct DROVER_DATABASE_URL',
  ])('leaves %j as it is', (text) => expect(hide(text)).toBe(text));
});
