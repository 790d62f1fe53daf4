import { describe, expect, it } from 'vitest';
import { addressPolicy } from './address-policy.js';

const everything = ['0.0.0.0/0', '::/0', 'public', 'private', 'loopback'];

describe('addressPolicy', () => {
  it.each([
    '169.254.169.254', '169.254.0.1', '::ffff:169.254.169.254', '64:ff9b::a9fe:a9fe', '2002:a9fe:a9fe::1', 'fe80::1', 'fd00:ec2::254', '100.100.100.200', '192.0.0.192',
    '0.0.0.0', '::', '224.0.0.1', 'ff02::1', '255.255.255.255', 'not an address',
  ])('never lets %s pass, whatever is allowed', (address) => {
    expect(addressPolicy(everything).refusal(address)).not.toBeNull();
  });

  it.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', '10.1.2.3', '172.16.0.1', '192.168.1.1', 'fd12::1', '100.64.0.1', '::7f00:1', '::ffff:0:7f00:1', '192.0.2.1', '198.18.0.1', '2001:db8::1'])(
    'does not take %s for public',
    (address) => {
      expect(addressPolicy(['public']).refusal(address)).not.toBeNull();
    },
  );

  it.each(['8.8.8.8', '1.1.1.1', '2606:4700::1111', '::ffff:8.8.8.8'])('takes %s for public', (address) => {
    expect(addressPolicy(['public']).refusal(address)).toBeNull();
    expect(addressPolicy(['private', 'loopback']).refusal(address)).toContain('no allowed network');
  });

  it('opens exactly the networks that are named', () => {
    const policy = addressPolicy(['10.1.0.0/16', 'fd12::/32', '127.0.0.1']);
    expect(['10.1.255.255', '::ffff:10.1.0.1', 'fd12::9', '127.0.0.1'].map((address) => policy.refusal(address))).toEqual([null, null, null, null]);
    expect(['10.2.0.1', 'fd13::1', '127.0.0.2', '8.8.8.8'].every((address) => policy.refusal(address) !== null)).toBe(true);
    expect(addressPolicy([]).refusal('8.8.8.8')).not.toBeNull();
  });

  it('refuses an entry that is no network', () => {
    expect(() => addressPolicy(['everywhere'])).toThrow('everywhere is no network');
    expect(() => addressPolicy(['10.0.0.0/40'])).toThrow('is no network');
  });
});
