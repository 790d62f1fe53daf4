/*
 * A job that tries to get at what is not its own. Prints one line for each try: its name, and `open` or `shut`. The targets come as JSON:
 * {secret, files, folders, pids, sockets, suid}.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';

const { secret, files, folders, pids, sockets, suid } = JSON.parse(process.argv[2]);

const say = (name, open) => console.log(`${name} ${open ? 'open' : 'shut'}`);
const works = (what) => {
  try {
    return what() !== false;
  } catch {
    return false;
  }
};

for (const [name, path] of Object.entries(files))
  say(
    `read ${name}`,
    works(() => readFileSync(path).length > 0),
  );
for (const [name, path] of Object.entries(folders))
  say(
    `write ${name}`,
    works(() => writeFileSync(`${path}/intruder`, 'x')),
  );
for (const [name, pid] of Object.entries(pids)) {
  say(
    `environment of ${name}`,
    works(() => readFileSync(`/proc/${pid}/environ`).length > 0),
  );
  say(
    `signal to ${name}`,
    works(() => process.kill(pid, 0)),
  );
  // PTRACE_ATTACH, and PTRACE_DETACH where it worked.
  const attach = `exit(1) if syscall(101, 16, ${pid}, 0, 0) != 0; waitpid(${pid}, 0x40000000); syscall(101, 17, ${pid}, 0, 0); exit(0)`;
  if (process.arch === 'x64')
    say(
      `ptrace of ${name}`,
      works(() => execFileSync('perl', ['-e', attach], { stdio: 'ignore' })),
    );
}
const environments = readdirSync('/proc')
  .filter((name) => /^\d+$/.test(name))
  .filter((pid) => works(() => readFileSync(`/proc/${pid}/environ`, 'utf8').includes(secret)));
say('secret in any environment', environments.length > 0);
if (suid)
  say(
    'rights by a setuid program',
    works(() => execFileSync(suid, ['-u'], { encoding: 'utf8' }).trim() === '0'),
  );
const status = readFileSync('/proc/self/status', 'utf8');
say('new privileges', /^NoNewPrivs:\t0$/m.test(status));
say('capabilities', !/^CapEff:\t0+$/m.test(status));
say('groups', /^Groups:\t.*\b0\b/m.test(status));
for (const [name, path] of Object.entries(sockets)) {
  say(
    `socket ${name}`,
    await new Promise((resolve) => {
      const socket = connect(path);
      socket.once('connect', () => resolve(true) || socket.destroy());
      socket.once('error', () => resolve(false));
    }),
  );
}
console.log('tried everything');
