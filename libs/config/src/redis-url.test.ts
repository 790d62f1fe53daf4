import { describe, expect, it } from 'vitest';
import { describeRedis, parseRedisUrl } from './redis-url.js';

describe('parseRedisUrl', () => {
  it('reads one server, with and without what may be left out', () => {
    expect(parseRedisUrl('redis://cache')).toMatchObject({
      kind: 'single',
      nodes: [{ host: 'cache', port: 6379 }],
      db: 0,
      tls: false,
    });
    expect(parseRedisUrl('rediss://me:p%40ss%2F1@10.0.0.1:7000/3')).toMatchObject({
      kind: 'single',
      nodes: [{ host: '10.0.0.1', port: 7000 }],
      username: 'me',
      password: 'p@ss/1',
      db: 3,
      tls: true,
    });
    expect(parseRedisUrl('redis://:secret@[::1]:6380')).toMatchObject({
      nodes: [{ host: '::1', port: 6380 }],
      username: undefined,
      password: 'secret',
    });
  });

  it('reads Sentinels with the name of their master', () => {
    expect(parseRedisUrl('redis+sentinel://:p@s1,s2:26380/main/2?sentinel_password=q')).toEqual({
      kind: 'sentinel',
      nodes: [
        { host: 's1', port: 26_379 },
        { host: 's2', port: 26_380 },
      ],
      master: 'main',
      username: undefined,
      password: 'p',
      sentinelPassword: 'q',
      db: 2,
      tls: false,
    });
  });

  it('reads the nodes of a cluster', () => {
    expect(parseRedisUrl('rediss+cluster://a:1,b:2,c:3')).toMatchObject({
      kind: 'cluster',
      tls: true,
      nodes: [
        { host: 'a', port: 1 },
        { host: 'b', port: 2 },
        { host: 'c', port: 3 },
      ],
    });
  });

  it.each([
    ['http://x', /not understood/],
    ['redis://', /not understood/],
    ['redis://a,b', /neither \+sentinel nor \+cluster/],
    ['redis+sentinel://a:1', /masterName/],
    ['redis+cluster://a:1/2', /only 0/],
    ['redis://a/x', /database/],
    ['redis://a:0', /host:port/],
    ['redis://a:99999', /host:port/],
    ['redis://a:b', /host:port/],
  ])('refuses %s and says why', (url, why) => {
    expect(() => parseRedisUrl(url)).toThrow(why);
  });

  it('never shows a password, neither in a refusal nor in a description', () => {
    expect(describeRedis(parseRedisUrl('redis://me:hunter2@h:1'))).toBe('Redis at h:1');
    for (const url of [
      'redis://me:hunter2@h:x',
      'redis://me:hunter2@a,b',
      'redis+sentinel://me:hunter2@a',
      'foo://me:hunter2@a',
    ]) {
      let said = '';
      try {
        parseRedisUrl(url);
      } catch (error) {
        said = String(error);
      }
      expect(said).toMatch(/^Error: The Redis URL/);
      expect(said).not.toContain('hunter2');
    }
  });
});
