import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, run, stop, until } from '../lib/program.js';
import { wallClock } from '../lib/wall-clock.js';
import { execute, sinceSubmit, type Peer, type PeerOptions, type RunningPeer } from './peer.js';

const BATCH_LIMIT_MS = 300_000;
/** Slurm's own look at new jobs must not be what is measured; everything else is as it comes. */
const settings = (folder: string, slots: number, ctldPort: number, slurmdPort: number): string => {
  const host = hostname().split('.')[0];
  const { username } = userInfo();
  return `ClusterName=bench
SlurmctldHost=${host}(127.0.0.1)
SlurmUser=${username}
SlurmdUser=${username}
SlurmctldPort=${ctldPort}
SlurmdPort=${slurmdPort}
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=${folder}/munge.socket
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
SchedulerParameters=batch_sched_delay=0
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
JobCompType=jobcomp/filetxt
JobCompLoc=${folder}/completed
MaxArraySize=20001
MaxJobCount=40000
ReturnToService=2
PropagateResourceLimits=NONE
NodeName=${host} NodeAddr=127.0.0.1 CPUs=${slots} State=UNKNOWN
PartitionName=bench Nodes=${host} Default=YES MaxTime=INFINITE State=UP
`;
};

async function start({ folder, slots }: PeerOptions): Promise<RunningPeer> {
  for (const name of ['state', 'spool', 'output']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'munge.key'), randomBytes(32), { mode: 0o400 });
  const conf = join(folder, 'slurm.conf');
  writeFileSync(conf, settings(folder, slots, await freePort(), await freePort()));
  const env = { SLURM_CONF: conf, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` };
  const children: ChildProcess[] = [];
  const launch = (argv: string[]): void => void children.push(run(argv, env, join(folder, 'daemons.log'), folder));
  const close = async (): Promise<void> => {
    for (const child of children.toReversed()) await stop(child);
  };
  const munge = (name: string): string => `${folder}/munge.${name}`;
  const client = async (program: string, args: string[]): Promise<string> =>
    (await execute(program, args, { env, cwd: folder, timeout: BATCH_LIMIT_MS })).stdout;
  // Each job that has ended is a line: it is the record that outlives the controller's memory.
  const completed = (): number =>
    existsSync(join(folder, 'completed'))
      ? readFileSync(join(folder, 'completed'), 'latin1').split('\n').length - 1
      : 0;
  const wait = (count: number): Promise<void> =>
    until(async () => completed() >= count, { what: 'the last job of Slurm', withinMs: BATCH_LIMIT_MS });
  try {
    launch(
      ['munged', '--foreground', '--force', `--socket=${munge('socket')}`, `--key-file=${munge('key')}`].concat(
        `--log-file=${munge('log')}`,
        `--pid-file=${munge('pid')}`,
        `--seed-file=${munge('seed')}`,
      ),
    );
    await until(async () => existsSync(munge('socket')), { what: 'munged', logPath: join(folder, 'daemons.log') });
    launch(['slurmctld', '-D']);
    launch(['slurmd', '-D']);
    const idle = async (): Promise<boolean> => (await client('sinfo', ['-h', '-o', '%T'])).trim() === 'idle';
    await until(idle, { what: 'an idle node of Slurm', withinMs: 60_000, logPath: join(folder, 'slurmctld.log') });
  } catch (error) {
    await close();
    throw error;
  }
  return {
    rate: async (jobs) => {
      const before = completed();
      const began = performance.now();
      await client('sbatch', ['-Q', '-o', 'output/%A_%a', `--array=0-${jobs - 1}`, '--wrap', '/bin/true']);
      await wait(before + jobs);
      return (performance.now() - began) / 1_000;
    },
    starts: async (runs, gapMs) => {
      const before = completed();
      const output = mkdtempSync(join(folder, 'output/starts-'));
      const submitted: string[] = [];
      for (let n = 0; n < runs; n += 1) {
        submitted.push(String(BigInt(Math.round(wallClock()() * 1e3)) * 1_000n));
        await client('sbatch', ['-Q', '-o', join(output, String(n)), '--wrap', '/bin/date +%s%N']);
        await sleep(gapMs);
      }
      await wait(before + runs);
      return submitted.map((at, n) => sinceSubmit(at, join(output, String(n))));
    },
    close,
  };
}

export const slurm: Peer = {
  name: 'Slurm',
  packages: 'slurm-wlm munge',
  files: ['/usr/sbin/slurmctld', '/usr/sbin/slurmd', '/usr/sbin/munged', '/usr/bin/sbatch'],
  note: 'one array of jobs; output kept in a file a job; it starts what waits in rounds of its own, about one a second',
  start,
};
