import { describe, expect, it } from 'vitest';
import { addressPolicy } from './address-policy.js';

const everything = ['0.0.0.0/0', '::/0', 'public', 'private', 'loopback'];

describe('addressPolicy', () => {
  it.each([
    '169.254.169.254',
    '169.254.0.1',
    '::ffff:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
    'fe80::1',
    'fd00:ec2::254',
    '100.100.100.200',
    '192.0.0.192',
    '0.0.0.0',
    '::',
    '224.0.0.1',
    'ff02::1',
    '255.255.255.255',
    'not an address',
    '168.63.129.16',
    '::ffff:168.63.129.16',
    '::168.63.129.16',
    '2001:0:a83f:8110::1',
    '64:ff9b:1::a83f:8110',
  ])('never lets %s pass, whatever is allowed', (address) => {
    expect(addressPolicy(everything).refusal(address)).not.toBeNull();
  });

  it.each([
    '127.0.0.1',
    '127.9.9.9',
    '::1',
    '::ffff:127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    'fd12::1',
    '100.64.0.1',
    '::7f00:1',
    '::ffff:0:7f00:1',
    '192.0.2.1',
    '198.18.0.1',
    '2001:db8::1',
  ])('does not take %s for public', (address) => {
    expect(addressPolicy(['public']).refusal(address)).not.toBeNull();
  });

  // Whatever else they are: the two words `public` and `loopback` together never open them, and neither does any
  // spelling of them.
  it.each([
    ['0/8', '0.1.2.3'],
    ['10/8', '10.0.0.1'],
    ['CGNAT 100.64/10', '100.64.0.1'],
    ['CGNAT, its end', '100.127.255.255'],
    ['172.16/12', '172.31.255.255'],
    ['192.0.0/24', '192.0.0.8'],
    ['TEST-NET-1', '192.0.2.1'],
    ['6to4 relays', '192.88.99.1'],
    ['192.168/16', '192.168.0.1'],
    ['198.18/15', '198.18.0.1'],
    ['198.18/15, its end', '198.19.255.255'],
    ['TEST-NET-2', '198.51.100.1'],
    ['TEST-NET-3', '203.0.113.1'],
    ['multicast', '239.1.1.1'],
    ['240/4', '240.0.0.1'],
    ['240/4, its end', '255.255.255.254'],
    ['Azure', '168.63.129.16'],
    ['Alibaba', '100.100.100.200'],
    ['link-local', '169.254.169.254'],
  ])('takes nothing of %s for public, however it is spelled: %s', (_, v4) => {
    const [a, b, c, d] = v4.split('.').map(Number) as [number, number, number, number];
    const hex = (high: number, low: number): string => ((high << 8) | low).toString(16);
    const [high, low] = [hex(a, b), hex(c, d)];
    const spellings = [
      v4,
      `::ffff:${v4}`,
      `::ffff:${high}:${low}`,
      `::${v4}`,
      `::ffff:0:${high}:${low}`,
      `64:ff9b::${high}:${low}`,
      `64:ff9b:1::${high}:${low}`,
      `64:ff9b:1:${high}:${hex(0, c)}:${hex(d, 0)}::`,
      `2002:${high}:${low}::1`,
      `2001:0:${high}:${low}::f7f7:f7f7`,
      `2001:0:808:808:0:0:${hex(a ^ 255, b ^ 255)}:${hex(c ^ 255, d ^ 255)}`,
      `2606:4700::5efe:${high}:${low}`,
      `2606:4700::200:5efe:${high}:${low}`,
    ];
    for (const spelling of spellings)
      expect(addressPolicy(['public', 'loopback']).refusal(spelling), spelling).not.toBeNull();
  });

  it.each([
    ['IPv4-compatible', '::8.8.8.8'],
    ['NAT64', '64:ff9b::8.8.8.8'],
    ['NAT64 of its own', '64:ff9b:1::808:808'],
    ['6to4', '2002:808:808::1'],
    ['Teredo', '2001:0:808:808::f7f7:f7f7'],
    ['SIIT', '::ffff:0:808:808'],
    ['benchmarking', '2001:2::1'],
    ['AMT', '2001:3::1'],
    ['AS112', '2001:4:112::1'],
    ['ORCHID', '2001:10::1'],
    ['ORCHIDv2', '2001:20::1'],
    ['drones', '2001:30::1'],
    ['reserved', '2001:100::1'],
    ['documentation', '2001:db8::1'],
    ['documentation, too', '3fff::1'],
    ['segment routing', '5f00::1'],
    ['discard', '100::1'],
    ['site-local', 'fec0::1'],
    ['unique local', 'fd00::1'],
    ['link-local', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%eth0'],
    ['multicast', 'ff0e::1'],
    ['not routed', '4000::1'],
    ['unspecified', '::'],
  ])('takes %s for no public address, not even with a public one in it: %s', (_, address) => {
    expect(addressPolicy(['public']).refusal(address)).not.toBeNull();
  });

  it('lets a network with NAT64 be named, and keeps what is behind it to the other rules', () => {
    const policy = addressPolicy(['public', '64:ff9b::/96', '64:ff9b:1::/48']);
    expect(policy.refusal('64:ff9b::8.8.8.8')).toBeNull();
    expect(policy.refusal('64:ff9b:1:808:8:800::')).toBeNull();
    for (const address of [
      '64:ff9b::10.0.0.1',
      '64:ff9b::127.0.0.1',
      '64:ff9b::169.254.169.254',
      '64:ff9b::168.63.129.16',
      '64:ff9b:1:a9fe:a9:fe00::',
    ]) {
      expect(policy.refusal(address), address).not.toBeNull();
    }
  });

  it.each(['8.8.8.8', '1.1.1.1', '2606:4700::1111', '::ffff:8.8.8.8'])('takes %s for public', (address) => {
    expect(addressPolicy(['public']).refusal(address)).toBeNull();
    expect(addressPolicy(['private', 'loopback']).refusal(address)).toContain('no allowed network');
  });

  it('opens exactly the networks that are named', () => {
    const policy = addressPolicy(['10.1.0.0/16', 'fd12::/32', '127.0.0.1']);
    expect(
      ['10.1.255.255', '::ffff:10.1.0.1', 'fd12::9', '127.0.0.1'].map((address) => policy.refusal(address)),
    ).toEqual([null, null, null, null]);
    expect(['10.2.0.1', 'fd13::1', '127.0.0.2', '8.8.8.8'].every((address) => policy.refusal(address) !== null)).toBe(
      true,
    );
    expect(addressPolicy([]).refusal('8.8.8.8')).not.toBeNull();
  });

  it('refuses an entry that is no network', () => {
    expect(() => addressPolicy(['everywhere'])).toThrow('everywhere is no network');
    expect(() => addressPolicy(['10.0.0.0/40'])).toThrow('is no network');
  });
});
