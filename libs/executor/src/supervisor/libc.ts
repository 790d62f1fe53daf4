/*
 * The calls of the C library that start and reap processes, through npm's koffi. Linux with glibc 2.29 or musl 1.1.24,
 * and newer: sizes, flags and the way to change the folder are theirs.
 */

/** How a process gets its folder and its descriptors. */
interface ProcessFiles {
  cwd: string;
  /** Our descriptors for its 0, 1, 2 and so on. */
  stdio: (number | 'ignore')[];
}

/** The calls of the C library that are used here. */
export interface Libc {
  /**
   * Starts the program at a path, in a session of its own, with all signals at their defaults. On a thread of its own:
   * the call returns when the new program runs, which takes milliseconds while many are started.
   */
  spawn(
    path: string,
    argv: readonly string[],
    env: readonly string[],
    files: ProcessFiles,
  ): Promise<{ pid: number } | { errno: number }>;
  /** The status of a child that has ended, as wait(2) gives it; it is reaped. Null: it runs. */
  ended(pid: number): number | null;
}

/** More than the structures of both libraries take (80, 336 and 128 bytes). */
const [ACTIONS_BYTES, ATTRIBUTES_BYTES, SIGNALS_BYTES] = [128, 512, 128];
/** POSIX_SPAWN_SETSIGDEF, POSIX_SPAWN_SETSIGMASK, POSIX_SPAWN_SETSID. */
const FLAGS = 0x04 | 0x08 | 0x80;
const WNOHANG = 1;
const [O_RDONLY, O_RDWR] = [0, 2];

/** Calls on threads at a time. Node has four threads for them; koffi refuses more than 256 that wait. */
const AT_ONCE = 16;

/** The C library of this process. Null: it cannot be called. */
export async function loadLibc(): Promise<Libc | null> {
  if (process.platform !== 'linux') return null;
  try {
    const { default: koffi } = await import('koffi');
    return bind((declaration) => koffi.load(null).func(declaration));
  } catch {
    return null;
  }
}

type Call = (...parameters: unknown[]) => number;
/** `async` runs the call on a thread and hands its result to the callback, which is the last parameter. */
type Bind = (declaration: string) => Call & { async(...parameters: unknown[]): void };

function bind(call: Bind): Libc {
  const spawn = call(
    'int posix_spawn(_Out_ int *pid, const char *path, void *actions, void *attributes, const char **argv, const char **env)',
  );
  const waitpid = call('int waitpid(int pid, _Out_ int *status, int options)');
  const initActions = call('int posix_spawn_file_actions_init(void *actions)');
  const endActions = call('int posix_spawn_file_actions_destroy(void *actions)');
  const addOpen = call(
    'int posix_spawn_file_actions_addopen(void *actions, int fd, const char *path, int flags, uint mode)',
  );
  const addDup = call('int posix_spawn_file_actions_adddup2(void *actions, int from, int to)');
  const addChdir = call('int posix_spawn_file_actions_addchdir_np(void *actions, const char *path)');

  const threads = new Lanes(AT_ONCE);
  const attributes = Buffer.alloc(ATTRIBUTES_BYTES);
  // All bits: sigfillset(3) leaves out the two signals that the library itself uses, which would be ignored then.
  const [allSignals, noSignals] = [Buffer.alloc(SIGNALS_BYTES, 0xff), Buffer.alloc(SIGNALS_BYTES)];
  call('int posix_spawnattr_init(void *attributes)')(attributes);
  call('int posix_spawnattr_setflags(void *attributes, short flags)')(attributes, FLAGS);
  call('int posix_spawnattr_setsigdefault(void *attributes, void *signals)')(attributes, allSignals);
  call('int posix_spawnattr_setsigmask(void *attributes, void *signals)')(attributes, noSignals);

  return {
    async spawn(path, argv, env, { cwd, stdio }) {
      const actions = Buffer.alloc(ACTIONS_BYTES);
      let errno = initActions(actions);
      try {
        // A process without one of these would have our folder, or our own descriptors.
        errno ||= addChdir(actions, cwd);
        for (const [fd, source] of stdio.entries()) {
          errno ||=
            source === 'ignore'
              ? addOpen(actions, fd, '/dev/null', fd === 0 ? O_RDONLY : O_RDWR, 0)
              : addDup(actions, source, fd);
        }
        const pid: [number] = [0];
        if (errno === 0)
          errno = await threads.run(
            () =>
              new Promise<number>((resolve, reject) => {
                spawn.async(
                  pid,
                  path,
                  actions,
                  attributes,
                  [...argv, null],
                  [...env, null],
                  (error: Error | null, result: number) => (error === null ? resolve(result) : reject(error)),
                );
              }),
          );
        return errno === 0 ? { pid: pid[0] } : { errno };
      } finally {
        endActions(actions);
      }
    },
    ended(pid) {
      const status: [number] = [0];
      return waitpid(pid, status, WNOHANG) === pid ? status[0] : null;
    },
  };
}

/** Lets so many pieces of work run at a time; the others wait, first come first served. */
class Lanes {
  private readonly waiting: (() => void)[] = [];

  constructor(private free: number) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    // Whoever leaves hands its lane on.
    else await new Promise<void>((go) => this.waiting.push(go));
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    }
  }
}
