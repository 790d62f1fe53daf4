import { setTimeout as sleep } from 'node:timers/promises';
import { takeServiceEnvironment, type ServiceEnvironment } from '@drover/config';

/** A service manager that waits for words of this process (systemd's sd_notify), or nobody. */
export interface ServiceManager {
  /** Says that the service is up. From now on the watchdog hears of it, as long as it is well. */
  ready(status: string): void;
  /** Says in one line what the service is doing. */
  status(text: string): void;
  /** Says that the service is on its way down. */
  stopping(): void;
}

export interface Watched {
  /** Whether the service does its work. It is asked with a deadline of a quarter of the watchdog's time. */
  isWell?: () => Promise<boolean>;
  /** One line on what the service does, told with each beat. */
  status?: () => string;
}

/**
 * The service manager that has started this process. Its variables are taken out of the environment: programs that we
 * start are not to speak for us. Nothing is said, and nothing loaded, where nobody listens.
 */
export async function serviceManager(
  watched: Watched = {},
  said: ServiceEnvironment = takeServiceEnvironment(),
): Promise<ServiceManager> {
  const { NOTIFY_SOCKET: address, WATCHDOG_USEC: watchdogUs, WATCHDOG_PID: watchdogPid } = said;
  const send = address ? await notifier(address) : null;
  if (send === null) return { ready: () => undefined, status: () => undefined, stopping: () => undefined };
  const isOurs = !watchdogPid || Number(watchdogPid) === process.pid;
  const beatMs = isOurs && Number(watchdogUs) > 0 ? Number(watchdogUs) / 1000 / 4 : null;
  let beats: NodeJS.Timeout | undefined;
  let told = '';
  const status = (text: string): void => {
    if (text === told) return;
    told = text;
    send(`STATUS=${text.replaceAll('\n', ' ')}`);
  };
  const beat = async (): Promise<void> => {
    if (watched.status) status(watched.status());
    if (await isWellWithin(beatMs ?? 0, watched.isWell)) send('WATCHDOG=1');
  };
  return {
    status,
    ready(text) {
      told = text;
      send(`READY=1\nSTATUS=${text.replaceAll('\n', ' ')}`);
      if (beatMs === null) return;
      void beat();
      beats = setInterval(() => void beat(), beatMs);
      beats.unref();
    },
    stopping() {
      clearInterval(beats);
      send('STOPPING=1\nSTATUS=Stopping');
    },
  };
}

async function isWellWithin(ms: number, isWell: Watched['isWell']): Promise<boolean> {
  if (isWell === undefined) return true;
  const timer = new AbortController();
  const late = sleep(ms, false, { signal: timer.signal, ref: false }).catch(() => false);
  try {
    return await Promise.race([isWell().catch(() => false), late]);
  } finally {
    timer.abort();
  }
}

const [AF_UNIX, SOCK_DGRAM, SOCK_CLOEXEC, MSG_DONTWAIT, MSG_NOSIGNAL] = [1, 2, 0o2000000, 0x40, 0x4000];
/** The longest path of a socket on Linux. */
const LONGEST = 107;

/** Sends datagrams to a UNIX socket, by the C library: Node has no call for it. Null: it cannot be called here. */
async function notifier(address: string): Promise<((text: string) => void) | null> {
  // A name that begins with @ is in the abstract namespace, where it begins with a zero byte.
  const path = Buffer.from(address.replace(/^@/, '\0'));
  if (process.platform !== 'linux' || !/^[/@]/.test(address) || path.length > LONGEST) return null;
  try {
    const { default: koffi } = await import('koffi');
    const libc = koffi.load(null);
    const socket = libc.func('int socket(int domain, int type, int protocol)');
    const sendto = libc.func(
      'long sendto(int fd, const void *bytes, size_t length, int flags, const void *address, uint32_t size)',
    );
    const fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0) as number;
    if (fd < 0) return null;
    const family = Buffer.alloc(2);
    family.writeUInt16LE(AF_UNIX);
    // A path ends with a zero byte; an abstract name ends where the address does.
    const to = Buffer.concat([family, path, ...(address.startsWith('@') ? [] : [Buffer.alloc(1)])]);
    return (text) => {
      const bytes = Buffer.from(text);
      sendto(fd, bytes, bytes.length, MSG_DONTWAIT | MSG_NOSIGNAL, to, to.length);
    };
  } catch (error) {
    process.stderr.write(`systemd cannot be told that this service is ready: ${(error as Error).message}\n`);
    return null;
  }
}
