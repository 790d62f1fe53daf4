import { describe, expect, it } from 'vitest';
import type { Agent } from '@drover/domain';
import { isScrapable, nodeGroups } from './targets.js';

const worker = (name: string, address?: string): Agent =>
  ({
    name,
    kind: 'worker',
    state: 'online',
    queues: ['a', 'b'],
    slots: 2,
    facts: { version: '0.1.0', labels: { 'disk-kind': 'fast' }, ...(address ? { metrics_address: address } : {}) },
  }) as unknown as Agent;
const SELF = { host: 'broker:8080', scheme: 'http' } as const;

describe('targets for Prometheus', () => {
  it.each(['node-1:9464', 'node_1.lab.example:1', '10.0.0.7:9464', '127.0.0.1:65535', '[::1]:9464', '[fd00::7]:80'])(
    'may be %s',
    (address) => expect(isScrapable(address)).toBe(true),
  );

  it.each([
    'node-1',
    'node-1:0',
    'node-1:65536',
    'http://node-1:80',
    'node-1:80/path',
    'user@node-1:80',
    '169.254.169.254:80',
    '[fe80::1]:80',
    '[::ffff:169.254.169.254]:80',
    '169.254.169.254.:80',
    '2852039166:80',
    '0xa9.254.43518:80',
    '0251.0376.0251.0376:80',
    '[fd00:ec2::254]:80',
    '100.100.100.200:80',
    '0.0.0.0:9464',
    'metadata.google.internal:80',
    '[node]:80',
    'a b:80',
    '',
    undefined,
    7,
  ])('are not %s', (address) => expect(isScrapable(address)).toBe(false));

  it('are read from the API where a worker tells no address, or one that is none', () => {
    for (const agent of [worker('old'), worker('old', '169.254.169.254:80')])
      expect(nodeGroups([agent], SELF)).toEqual([
        {
          targets: ['broker:8080'],
          labels: expect.objectContaining({
            instance: 'old',
            __scheme__: 'http',
            __metrics_path__: '/metrics',
            __param_job: 'Node: old',
            __meta_drover_via: 'api',
            __meta_drover_label_disk_kind: 'fast',
          }) as unknown,
        },
      ]);
  });

  it('are not offline workers and not HTTP-pull agents', () => {
    const away = { ...worker('away'), state: 'offline' } as Agent;
    const pull = { ...worker('pull'), kind: 'pull' } as Agent;
    expect(nodeGroups([away, pull, worker('here', 'here:9464')], SELF).map(({ targets }) => targets)).toEqual([
      ['here:9464'],
    ]);
  });
});
