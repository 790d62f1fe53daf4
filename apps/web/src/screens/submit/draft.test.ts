import { describe, expect, it } from 'vitest';
import type { JobDetail } from '../../api/types.js';
import { bodyOf, cliOf, curlOf, draftOf, faultsByField } from './draft.js';

const DRAFT = {
  command: "echo 'a b'",
  queue: 'gpu',
  tags: 'ci\n\n nightly ',
  env: 'LEVEL=3\nPATTERN=a=b',
  'resources.memory_mb': '512',
  'retry.max': '2',
  pinned: 'false',
  name: '  ',
};

describe('a form that is filled in', () => {
  it('sends what was filled in, and nothing else', () => {
    expect(bodyOf(DRAFT)).toEqual({
      command: "echo 'a b'",
      queue: 'gpu',
      tags: ['ci', 'nightly'],
      env: { LEVEL: '3', PATTERN: 'a=b' },
      resources: { memory_mb: 512 },
      retry: { max: 2 },
    });
    expect(bodyOf({ 'webhooks.0.url': 'https://x', priority: 'high', pinned: 'true' })).toEqual({
      webhooks: [{ url: 'https://x' }],
      priority: 'high',
      pinned: true,
    });
  });

  it('is the same as curl, and as a command line where that has a flag for everything', () => {
    expect(curlOf({ command: "it's" }, 'http://d', true)).toBe(
      "curl -s http://d/api/v1/jobs \\\n  -H 'Authorization: Bearer $TOKEN' \\\n  -H 'Content-Type: application/json' \\\n  -d '{\"command\":\"it'\\''s\"}'",
    );
    expect(cliOf(DRAFT)).toBeNull();
    expect(cliOf({ command: "echo 'a b'", queue: 'gpu', tags: 'ci\nx y', 'retry.max': '2' })).toBe(
      `drover submit --queue gpu --retries 2 --tag ci --tag 'x y' -- sh -c 'echo '\\''a b'\\'''`,
    );
  });

  it('shows each fault at the field that the API names', () => {
    const faults = faultsByField([
      { field: 'priority', message: 'must be a whole number' },
      { field: 'env.LEVEL', message: 'is too long' },
      { field: 'webhooks.0.url', message: 'must be a URL' },
      { field: 'payload', message: 'is missing' },
    ]);
    expect([...faults]).toEqual([
      ['priority', 'must be a whole number'],
      ['env', 'is too long'],
      ['webhooks.0.url', 'must be a URL'],
      ['', 'payload: is missing'],
    ]);
  });

  it('begins with what another job was asked to do, without its hidden values', () => {
    const job = {
      command: ['sh', '-c', 'true'],
      queue: 'gpu',
      name: null,
      tags: ['a', 'b'],
      env: { PASSWORD: '***', LEVEL: '3' },
      limits: { runtime_s: 60 },
      resources: {},
      retry: null,
      priority: 0,
      pinned: true,
      webhooks: [],
      cron: null,
    } as unknown as JobDetail;
    expect(draftOf(job)).toEqual({
      command: 'sh -c true',
      queue: 'gpu',
      tags: 'a\nb',
      env: 'PASSWORD=\nLEVEL=3',
      'limits.runtime_s': '60',
    });
  });
});
