import { describe, expect, it } from 'vitest';
import { isWithin, mountedAt, mountTable } from './mounts.js';

const INFO = [
  '22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/vda rw',
  '23 22 0:5 / /proc rw,nosuid - proc proc rw',
  '24 22 0:6 / /sys rw,nosuid,nodev,noexec,relatime shared:2 - sysfs sysfs rw',
  '25 24 0:7 / /sys/fs/cgroup rw,nosuid shared:3 - cgroup2 cgroup2 rw',
  '26 22 8:2 / /data\\040with\\040space rw,nodev - ext4 /dev/vdb rw',
  '27 22 8:3 / /already ro - ext4 /dev/vdc ro',
  '28 22 8:4 / /home/somebody rw - nfs4 server:/home rw',
  '29 22 0:9 / /sys rw,nosuid - sysfs sysfs rw',
].join('\n');

describe('the view of an isolated job', () => {
  const table = mountTable(
    { root: '/spool/root', hidden: ['/usr/share'], shown: ['/usr/share/doc'], writable: ['/usr/lib'] },
    INFO,
  ).split('\n');

  it('has every file system of the machine read-only, with the options it had', () => {
    expect(table[0]).toBe('/ /spool/root none rbind,ro 0 0');
    expect(table).toContain('/data\\040with\\040space /spool/root/data\\040with\\040space none bind,ro,nodev 0 0');
    expect(table.some((line) => line.startsWith('/already '))).toBe(false);
  });

  it('mounts a file system with others on it together with them', () => {
    expect(table).toContain('/sys /spool/root/sys none rbind,ro,nosuid 0 0');
    expect(table).toContain('/sys/fs/cgroup /spool/root/sys/fs/cgroup none bind,ro,nosuid 0 0');
  });

  it('shows nothing of a hidden folder but what is asked for, and cannot write there', () => {
    expect(table.some((line) => line.startsWith('/home/somebody '))).toBe(false);
    const of = (start: string): number => table.findIndex((line) => line.startsWith(start));
    expect(of('tmpfs /spool/root/usr/share tmpfs rw')).toBeGreaterThan(0);
    expect(of('/usr/share/doc /spool/root/usr/share/doc none rbind,ro')).toBeGreaterThan(
      of('tmpfs /spool/root/usr/share tmpfs'),
    );
    expect(of('/spool/root/usr/share /spool/root/usr/share none rbind,ro')).toBeGreaterThan(of('/usr/share/doc'));
  });

  it('ends with processes of its own', () => {
    expect(table.filter((line) => line !== '').at(-1)).toBe('proc /spool/root/proc proc nosuid,nodev,noexec 0 0');
  });

  it('knows of several mounts on one place the last one', () => {
    expect(mountedAt(INFO).filter(({ at }) => at === '/sys')).toEqual([
      { at: '/sys', type: 'sysfs', options: ['rw', 'nosuid'] },
    ]);
  });

  it('takes no neighbour for a part of a folder', () => {
    expect(isWithin('/a/b', '/a')).toBe(true);
    expect(isWithin('/a', '/a')).toBe(true);
    expect(isWithin('/ab', '/a')).toBe(false);
    expect(isWithin('/a/..b', '/a')).toBe(true);
  });
});
