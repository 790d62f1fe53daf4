import { describe, expect, it } from 'vitest';
import { LEASE_S, type RegisterResponse } from '@drover/protocol';
import type { Logger } from '@drover/telemetry';
import { ApiRefused } from './agent.client.js';
import { Standing } from './standing.js';

const silent = { error: () => undefined } as unknown as Logger;
const LEASE_MS = LEASE_S * 1_000;

describe('a node that the API refuses', () => {
  let [now, answeredAt, givenUp] = [0, 0, 0];
  const standing = (): Standing => {
    [now, answeredAt, givenUp] = [0, 0, 0];
    return new Standing(
      'http://127.0.0.1:8080',
      silent,
      {
        take: () => undefined,
        takeNone: () => undefined,
        silentMs: () => now - answeredAt,
        giveUp: () => (givenUp += 1),
      },
      () => now,
    );
  };
  const refuse = (one: Standing, at: number): void => {
    now = at;
    one.refused(new ApiRefused(401, 'The key of this node was revoked.', {}));
  };

  it('gives up what runs a lease after the last answer', () => {
    const one = standing();
    for (const at of [2_000, 5_000, LEASE_MS - 1]) refuse(one, at);
    expect(givenUp).toBe(0);
    refuse(one, LEASE_MS);
    expect(givenUp).toBe(1);
  });

  it('gives up nothing for one refusal after the API was away for longer than that', () => {
    const one = standing();
    for (const at of [0, 5_000, LEASE_MS - 1]) refuse(one, 60_000 + at);
    expect(givenUp).toBe(0);
    one.registered({ protocol: 1_000 } as RegisterResponse);
    answeredAt = now;
    // And again: what was before the registration does not count.
    refuse(one, 200_000);
    expect(givenUp).toBe(0);
    refuse(one, 200_000 + LEASE_MS);
    expect(givenUp).toBe(1);
  });

  it('counts refusals from anew when the API was away between them', () => {
    const one = standing();
    refuse(one, 60_000);
    refuse(one, 120_000);
    expect(givenUp).toBe(0);
    for (const at of [4_000, 8_000, LEASE_MS]) refuse(one, 120_000 + at);
    expect(givenUp).toBe(1);
  });
});
