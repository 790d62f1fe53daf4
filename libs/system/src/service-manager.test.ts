import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { takeServiceEnvironment } from '@drover/config';
import { serviceManager } from './service-manager.js';

/** A service manager's end of the socket: prints each datagram on a line. */
const LISTENER = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1].replace('@', chr(0), 1) if sys.argv[1].startswith('@') else sys.argv[1])
print('bound', flush=True)
while True:
    print(s.recv(4096).decode().replace(chr(10), ' | '), flush=True)
`;

let folder: string;
let listener: ChildProcess;
let heard: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-notify-'));
});

afterEach(() => {
  listener.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

async function listen(address: string): Promise<void> {
  listener = spawn('python3', ['-c', LISTENER, address], { stdio: ['ignore', 'pipe', 'inherit'] });
  // The listener of the test before may still have words on their way: they belong to its own list.
  const lines: string[] = [];
  heard = lines;
  let text = '';
  listener.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    lines.splice(0, Infinity, ...text.trim().split('\n'));
  });
  await vi.waitUntil(() => heard[0] === 'bound', { timeout: 10_000 });
}

const count = (line: string): number => heard.filter((said) => said === line).length;

describe('the service manager', () => {
  it.each(['path', 'abstract'])('hears of readiness, status and stop over a socket with a %s name', async (kind) => {
    const address = kind === 'path' ? join(folder, 'socket') : `@drover-${process.pid}-${Date.now()}`;
    await listen(address);
    const env: Record<string, string | undefined> = { NOTIFY_SOCKET: address, OTHER: '1' };
    const manager = await serviceManager({}, takeServiceEnvironment(env));
    expect(env).toEqual({ OTHER: '1' });
    manager.ready('Serving');
    manager.status('Working');
    manager.status('Working');
    manager.stopping();
    const said = ['bound', 'READY=1 | STATUS=Serving', 'STATUS=Working', 'STOPPING=1 | STATUS=Stopping'];
    await vi.waitUntil(() => heard.length >= said.length, { timeout: 10_000 });
    expect(heard).toEqual(said);
  });

  it('hears the watchdog as long as the service is well, and not while it is ill or does not answer', async () => {
    const address = join(folder, 'socket');
    await listen(address);
    let isWell: () => Promise<boolean> = () => Promise.resolve(true);
    const asked = vi.fn(() => isWell());
    const env = { NOTIFY_SOCKET: address, WATCHDOG_USEC: '80000', WATCHDOG_PID: String(process.pid) };
    const manager = await serviceManager({ isWell: asked, status: () => 'Well' }, env);
    manager.ready('Serving');
    await vi.waitUntil(() => count('WATCHDOG=1') >= 3, { timeout: 10_000 });
    for (const ill of [
      () => Promise.resolve(false),
      () => Promise.reject(new Error('ill')),
      () => new Promise<boolean>(() => {}),
    ]) {
      isWell = ill;
      const since = asked.mock.calls.length;
      // The answer of before may still be on its way.
      await vi.waitUntil(() => asked.mock.calls.length >= since + 3, { timeout: 10_000 });
      const before = count('WATCHDOG=1');
      await vi.waitUntil(() => asked.mock.calls.length >= since + 6, { timeout: 10_000 });
      expect(count('WATCHDOG=1')).toBe(before);
    }
    isWell = () => Promise.resolve(true);
    const before = count('WATCHDOG=1');
    await vi.waitUntil(() => count('WATCHDOG=1') > before, { timeout: 10_000 });
    manager.stopping();
  });

  it('hears no watchdog that is meant for another process', async () => {
    const address = join(folder, 'socket');
    await listen(address);
    const asked = vi.fn(() => Promise.resolve(true));
    const env = { NOTIFY_SOCKET: address, WATCHDOG_USEC: '80000', WATCHDOG_PID: '1' };
    (await serviceManager({ isWell: asked }, env)).ready('Serving');
    await vi.waitUntil(() => heard.length === 2, { timeout: 10_000 });
    expect(asked).not.toHaveBeenCalled();
  });

  it('is nobody without a socket', async () => {
    await listen(join(folder, 'socket'));
    const manager = await serviceManager({}, { WATCHDOG_USEC: '80000' });
    manager.ready('Serving');
    manager.stopping();
    expect(heard).toEqual(['bound']);
  });
});
