import { describe, expect, it } from 'vitest';
import { loadConfig } from '@drover/config';
import { OwnHosts, type Machine } from './hosts.js';

const MACHINE: Machine = {
  name: () => 'lab1.lan',
  addresses: () => ['127.0.0.1', '::1', '192.168.7.5', 'fe80::1%eth0', '2001:db8::5'],
};
const ADDRESSES = ['https://tasks.example', 'lane.example:10000'];
const hosts = (env: Record<string, string> = {}, machine: Machine = MACHINE, now?: () => number): OwnHosts =>
  new OwnHosts(loadConfig({ DROVER_INSECURE: '1', ...env }), ADDRESSES, machine, now);

describe('the hosts a request may name', () => {
  it.each([
    'localhost',
    'LOCALHOST:8080',
    'localhost.',
    'localhost.:80',
    '127.0.0.1',
    '127.0.0.1:1',
    '127.8.9.10:8080',
    '[::1]',
    '[::1]:8080',
    '[0:0:0:0:0:0:0:1]:8080',
    '[::ffff:127.0.0.1]:8080',
  ])('%s is ours without any setting', (host) => {
    expect(hosts().has(host, '127.0.0.1')).toBe(true);
  });

  it.each([
    '',
    ' ',
    'evil.example',
    'evil.example:8080',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil-localhost',
    '127.0.0.1@evil.example',
    'localhost:8080@evil.example',
    '192.168.7.5',
    '8.8.8.8',
    '0.0.0.0:8080',
    '[::]:8080',
    '[2001:db8::5]:8080',
    '::1',
    '127.1',
    '0x7f.0.0.1',
    '2130706433',
    'lab1.lan',
    'lab1',
    'localhost,evil.example',
    '[localhost]',
    'localhost%.evil.example',
    '127.0.0.1%evil.example',
    '[::1%.evil.example]',
    '[::1',
    'localhost/x',
    'localhost:80a',
  ])('%j is none of ours on loopback', (host) => {
    expect(hosts().has(host, '127.0.0.1')).toBe(false);
  });

  it('are those of DROVER_HOST, DROVER_PUBLIC_URL, DROVER_API_URL, DROVER_HOSTS and those that dialects name', () => {
    const ours = hosts({
      DROVER_HOST: 'broker',
      DROVER_PUBLIC_URL: 'https://Drover.example:8443/x',
      DROVER_API_URL: 'http://api.internal:8080',
      DROVER_HOSTS: 'proxy, *.svc.cluster.local, 10.1.2.3, [2001:db8::9]',
    });
    for (const host of [
      'broker:8080',
      'drover.example',
      'DROVER.EXAMPLE:1',
      'api.internal',
      'proxy:8080',
      'drover.ns.svc.cluster.local:8080',
      '10.1.2.3',
      '[2001:db8:0::9]:80',
      'lane.example',
      'tasks.example',
    ]) {
      expect(ours.has(host, '10.0.0.1'), host).toBe(true);
    }
    for (const host of [
      'svc.cluster.local',
      '.svc.cluster.local',
      'xsvc.cluster.local',
      'proxy.evil.example',
      '10.1.2.4',
    ])
      expect(ours.has(host, '10.0.0.1'), host).toBe(false);
  });

  it('are the addresses and the name of the machine where it listens on all of them, and no other address', () => {
    for (const DROVER_HOST of ['0.0.0.0', '::']) {
      const ours = hosts({ DROVER_HOST, METRIC_PROXY_NODE: 'proxy-7' });
      for (const host of [
        '192.168.7.5:8080',
        '[2001:db8::5]',
        '[fe80::1]:8080',
        '[::ffff:192.168.7.5]',
        'lab1.lan',
        'lab1:8080',
        'proxy-7:1337',
      ])
        expect(ours.has(host, '192.168.7.5'), host).toBe(true);
      for (const host of ['192.168.7.6', '8.8.8.8', 'lab1.evil.example', 'lab2'])
        expect(ours.has(host, '192.168.7.5'), host).toBe(false);
    }
  });

  it('are the address by which the client came, whatever the interfaces are called', () => {
    const ours = hosts({ DROVER_HOST: 'broker.lan' }, { name: () => 'x', addresses: () => [] });
    expect([ours.has('10.9.8.7:8080', '::ffff:10.9.8.7'), ours.has('10.9.8.8:8080', '::ffff:10.9.8.7')]).toEqual([
      true,
      false,
    ]);
  });

  it('follow addresses that come and go, without asking the system for each request', () => {
    let asked = 0;
    let now = 0;
    let addresses = ['10.0.0.1'];
    const ours = hosts(
      { DROVER_HOST: '0.0.0.0' },
      { name: () => 'x', addresses: () => ((asked += 1), addresses) },
      () => now,
    );
    expect(ours.has('10.0.0.1', '127.0.0.1')).toBe(true);
    addresses = ['10.0.0.2'];
    for (let i = 0; i < 100; i++) expect(ours.has('10.0.0.2', '127.0.0.1')).toBe(false);
    expect(asked).toBe(1);
    now = 6_000;
    expect([ours.has('10.0.0.2', '127.0.0.1'), ours.has('10.0.0.1', '127.0.0.1'), asked]).toEqual([true, false, 2]);
  });
});
