// `npm run deb:test`: makes the Debian package in two versions and tries it in a machine of its own with a real systemd
// (scripts/lib/machine.mjs): install, units, jobs, an upgrade with a job running, a watchdog, a node's key, removal and
// purge. It needs root on Debian, and systemd-container; lintian is asked where it is installed. This machine stays as
// it is. `npm run deb:test -- --packages FOLDER` takes packages that are there, `--no-lintian` asks it not.
import './lib/node-version.mjs';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { makePackages } from './deb.mjs';
import { Machine, machineProblem, SHARED } from './lib/machine.mjs';
import { root } from './lib/root.mjs';

const LINT_MS = 900_000;
const UNITS = ['drover-postgres', 'drover-api', 'drover-worker'];
/** Exposure of the API's unit by `systemd-analyze security`, in tenths. */
const MOST_EXPOSED = 30;
/** Places in which others write: dpkg, adduser and systemd for any package, and what runs on this machine by itself. */
const OF_OTHERS = [
  /^etc\/((passwd|group|shadow|gshadow|subuid|subgid)-?|\.pwd\.lock|machine-id|ld\.so\.cache)$/,
  /^var\/(lib\/(?!drover)[^/]+|log|cache|backups|tmp)\//,
  /^(run|tmp|root|dev|mnt)\//,
];

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(0)} s`;

function expectThat(is, what, seen) {
  if (!is) throw new Error(`${what}; seen: ${typeof seen === 'string' ? seen : JSON.stringify(seen)}`);
}

async function eventually(what, look, withinMs = 60_000) {
  const until = Date.now() + withinMs;
  for (;;) {
    const seen = look();
    if (seen) return seen;
    if (Date.now() > until) throw new Error(`${what}: not within ${withinMs / 1000} s`);
    await sleep(500);
  }
}

function askLintian(path) {
  const { status, stdout, error } = spawnSync('lintian', ['--allow-root', '--fail-on', 'error,warning', path], {
    encoding: 'utf8',
    timeout: LINT_MS,
  });
  if (error?.code === 'ENOENT') return 'lintian is not installed: not asked';
  expectThat(status === 0, 'lintian finds no error and no warning', stdout);
  return 'lintian: no error, no warning';
}

/** The value of a property of a unit. */
const show = (machine, unit, property) => machine.must(`systemctl show --property=${property} --value ${unit}`);

/** The checks, in their order: each goes on where the one before has ended. */
const CHECKS = [
  [
    'installs, and the units start: PostgreSQL, API and worker tell systemd that they are ready',
    (machine) => {
      machine.run('deluser --quiet --system drover');
      machine.must(`dpkg -i ${SHARED}/before.deb`);
      for (const unit of UNITS) {
        const state = show(machine, unit, 'ActiveState,Type,StatusText');
        expectThat(/^active$/m.test(state) && /^notify$/m.test(state), `${unit} is active`, state);
      }
      return UNITS.map((unit) => show(machine, unit, 'StatusText')).join('; ');
    },
  ],
  [
    'the units are valid, and the API is locked in',
    (machine) => {
      const { status, stdout, stderr } = machine.run(
        `systemd-analyze verify ${UNITS.map((unit) => `${unit}.service`).join(' ')}`,
      );
      // systemd before 254 does not know the subgroup of Delegate, and says so.
      const said = `${stdout}${stderr}`
        .split('\n')
        .filter((line) => /drover/.test(line) && !/DelegateSubgroup/.test(line));
      expectThat(status === 0 && said.length === 0, 'systemd-analyze verify finds nothing', said.join('\n'));
      const exposure = machine.must(
        `systemd-analyze security --no-pager --threshold=${MOST_EXPOSED} drover-api.service | tail -n 1`,
      );
      return exposure.replace(/^\W*/, '');
    },
  ],
  [
    'processes have the users of their units',
    (machine) => {
      const userOf = (unit) => machine.must(`ps -o user= -p ${show(machine, unit, 'MainPID')}`);
      const users = Object.fromEntries(UNITS.map((unit) => [unit, userOf(unit)]));
      const wanted = { 'drover-postgres': 'drover', 'drover-api': 'drover', 'drover-worker': 'root' };
      expectThat(JSON.stringify(users) === JSON.stringify(wanted), 'users of the units', users);
      for (const folder of ['/var/lib/drover/api', '/etc/drover/worker.env'])
        expectThat(
          machine.run(`setpriv --reuid=nobody --clear-groups cat ${folder} || ls ${folder}`).stderr.includes('denied'),
          `${folder} is closed to others`,
          machine.must(`ls -ld ${folder}`),
        );
    },
  ],
  [
    'a job runs as a user of its own, and the journal has the log of the API',
    (machine) => {
      const uid = machine.must('drover run -- id -u');
      expectThat(Number(uid) >= 200_000, 'a number of the range', uid);
      const log = machine.must('journalctl --unit drover-api --output cat --no-pager');
      expectThat(log.includes('listening'), 'the journal has it', log.slice(-500));
    },
  ],
  [
    'an upgrade replaces API and worker while a job runs: it goes on, and no line is missing',
    async (machine) => {
      const script = 'i=0; until [ -e /var/tmp/enough ]; do echo line $i; i=$((i+1)); sleep 0.2; done';
      const id = machine.must(`drover submit --output quiet -- sh -c '${script}'`);
      const look = () => JSON.parse(machine.must(`drover get ${id} --output json`));
      await eventually('the job writes', () => machine.run(`drover logs ${id}`).stdout.includes('line 2'));
      const { execution_id } = look();
      const pid = machine.must(`pgrep -n -f '[u]ntil .* echo line'`);
      const before = UNITS.map((unit) => show(machine, unit, 'MainPID'));
      const began = performance.now();
      machine.must(`dpkg -i ${SHARED}/now.deb`);
      const took = seconds(began);
      const after = UNITS.map((unit) => show(machine, unit, 'MainPID'));
      expectThat(
        after.every((main, index) => main !== '0' && main !== before[index]),
        'each unit has a new process',
        { before, after },
      );
      expectThat(machine.run(`kill -0 ${pid}`).status === 0, 'the process of the job lives', look());
      machine.must(`touch /var/tmp/enough; drover wait ${id}`);
      const job = look();
      expectThat(job.state === 'succeeded' && job.execution_id === execution_id, 'it ran once', job);
      const log = machine.must(`drover logs ${id}`).split('\n');
      expectThat(
        log.every((line, index) => line === `line ${index}`),
        'every line once',
        log.join(),
      );
      return `the upgrade took ${took}`;
    },
  ],
  [
    'an API that hangs is started again by the watchdog',
    async (machine) => {
      const main = show(machine, 'drover-api', 'MainPID');
      machine.must(`kill -STOP ${main}`);
      const began = performance.now();
      await eventually(
        'another process serves',
        () => show(machine, 'drover-api', 'MainPID,ActiveState') !== '' && isNew(machine, main),
        120_000,
      );
      return `after ${seconds(began)}`;
    },
  ],
  [
    'root makes the first client with the settings of the API, as its user',
    (machine) => {
      const said = machine.must('cd /root && drover clients create me --role admin');
      expectThat(/\S{20,}/.test(said), 'it prints a key', said);
      expectThat(machine.must('find /var/lib/drover/api -user root').length === 0, 'no file of root', said);
    },
  ],
  [
    'the nightly backup of docs/backup.md runs as it stands there, and is restored into a folder of its own',
    (machine) => {
      const night = nightlyBackup();
      machine.must(night.commands);
      for (const [path, text] of night.units) machine.must(`cat > ${path} <<'END'\n${text}END`);
      machine.must('systemctl daemon-reload && systemctl enable --now drover-backup.timer');
      expectThat(show(machine, 'drover-backup.timer', 'ActiveState') === 'active', 'the timer waits', '');
      machine.must('systemctl start drover-backup');
      const file = machine.must('ls /var/backups/drover/*.drover');
      const said = machine.must(`cd / && ${night.drill.replace(/FILE$/, file)} 2>&1`);
      const jobs = /(\d+) jobs?/.exec(said);
      machine.must(
        `systemctl disable --now drover-backup.timer; rm -rf /tmp/drill /etc/drover/backup.passphrase ${[...night.units.keys()].join(' ')}; systemctl daemon-reload`,
      );
      return jobs === null ? said.split('\n').at(-1) : jobs[0];
    },
  ],
  [
    'the key of an enrolled node is readable for the user of its unit alone',
    async (machine) => {
      const said = machine.must('drover nodes invite --queues default,night');
      const [line] = /DROVER_ENROL_TOKEN=\S+ drover enrol .*/.exec(said) ?? [];
      expectThat(line !== undefined, 'an invitation', said);
      machine.must(`${line} --name lab-1`);
      const user = show(machine, 'drover-worker', 'User');
      expectThat(machine.must('stat -c "%U %a" /etc/drover/worker.key') === `${user} 600`, 'its owner', user);
      const settings = machine.must('cat /etc/drover/worker.env');
      expectThat(/^DROVER_DATA_DIR=\/var\/lib\/drover\/node$/m.test(settings), 'the data folder stays', settings);
      machine.must('systemctl restart drover-worker');
      const out = machine.must('drover run --queue night -- echo enrolled');
      expectThat(out === 'enrolled', 'it runs jobs', out);
    },
  ],
  [
    'a removal ends everything and keeps settings and data',
    (machine) => {
      machine.must('dpkg --remove drover');
      const left = machine.run(`pgrep -a -f '/usr/lib/[d]rover|/var/lib/[d]rover'`).stdout;
      expectThat(left === '', 'no process is left', left);
      machine.must('test -s /etc/drover/api.env && test -d /var/lib/drover/api/postgres && ! test -e /usr/bin/drover');
    },
  ],
  [
    'a purge leaves nothing',
    (machine) => {
      machine.must('dpkg --purge drover');
      const left = filesOf(machine.changes).filter((path) => !OF_OTHERS.some((place) => place.test(path)));
      expectThat(left.length === 0, 'no file is left', left.slice(0, 20));
      const named = machine.run('getent passwd drover; find /var/lib/systemd -name "*drover*"').stdout;
      expectThat(named === '', 'neither the user, nor the state of a unit', named);
    },
  ],
];

/** The commands of the manual that make a backup every night, and its units by their paths. */
function nightlyBackup() {
  const page = readFileSync(join(root, 'docs/backup.md'), 'utf8');
  const [, section = ''] = /^## Every night$(.*?)^## /ms.exec(`${page}\n## `) ?? [];
  const [, commands = ''] = /^```console[^\n]*\n(.*?)^```/ms.exec(section) ?? [];
  const units = new Map(
    [...section.matchAll(/^`(\/etc\/systemd\/system\/[\w.-]+)`:\n\n```ini\n(.*?)^```/gms)].map(([, path, text]) => [
      path,
      text,
    ]),
  );
  const [drill = ''] = /^runuser .* drover restore FILE$/m.exec(section) ?? [];
  expectThat(
    commands !== '' && drill !== '' && units.size === 2,
    'docs/backup.md has the commands, both units and the drill',
    [...units.keys()],
  );
  return { commands, units, drill };
}

/** Whether a process other than `main` is that of the API, and ready. */
function isNew(machine, main) {
  const now = show(machine, 'drover-api', 'MainPID');
  return now !== '0' && now !== main && show(machine, 'drover-api', 'ActiveState') === 'active';
}

/** Files that the machine has made or changed; those that it removed are devices 0:0. */
function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && !entry.isCharacterDevice())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

/** Packages of a version of before and of this one, as `before.deb` and `now.deb` of a folder. */
function packages(folder, given) {
  const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
  const paths =
    given === undefined
      ? makePackages([`${own}~before`, own], folder)
      : [`${own}~before`, own].map((version) => {
          const name = readdirSync(given).find((file) => file.startsWith(`drover_${version}_`));
          if (name === undefined) throw new Error(`${given} has no package of version ${version}`);
          return join(resolve(given), name);
        });
  ['before.deb', 'now.deb'].forEach((name, index) => {
    const { status, stderr } = spawnSync('ln', ['-f', paths[index], join(folder, name)], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  });
  return paths;
}

async function main() {
  const problem = machineProblem();
  if (problem !== null) throw new Error(`The Debian package cannot be tried here: ${problem}.`);
  const { values } = parseArgs({
    options: { packages: { type: 'string' }, lintian: { type: 'boolean', default: true } },
    allowNegative: true,
  });
  const folder = mkdtempSync(join(tmpdir(), 'drover-deb-test-'));
  const machine = new Machine(folder);
  try {
    mkdirSync(folder, { recursive: true });
    const began = performance.now();
    const [, now] = packages(folder, values.packages);
    console.log(`- Packages in ${seconds(began)}`);
    if (values.lintian) console.log(`- ${askLintian(now)}`);
    await machine.start();
    for (const [what, check] of CHECKS) {
      const since = performance.now();
      const detail = await check(machine);
      console.log(`- ${what}${detail ? ` (${detail})` : ''}: ${seconds(since)}`);
    }
  } catch (error) {
    if (machine.leader !== undefined)
      console.error(machine.run('journalctl --no-pager --lines 60 --unit "drover-*"').stdout);
    throw error;
  } finally {
    await machine.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  await main();
} catch (error) {
  console.error(`drover: ${error.message}`);
  process.exitCode = 1;
}
