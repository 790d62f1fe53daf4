import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ANSWER_MS = 5_000;

export interface Account {
  name: string;
  uid: number;
  gid: number;
  home: string;
}

/** An account of this machine, wherever it keeps them (files, LDAP). @throws Error with a sentence */
export async function lookUpAccount(name: string): Promise<Account> {
  let line: string;
  try {
    ({ stdout: line } = await run('getent', ['passwd', '--', name], {
      timeout: ANSWER_MS,
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    }));
  } catch {
    throw new Error(
      `There is no account "${name}" on this machine, which DROVER_RUN_AS names; make it, or correct the setting.`,
    );
  }
  const [found = '', , uid, gid, , home = '/'] = line.trim().split(':');
  if (Number(uid) === 0 || Number(gid) === 0)
    throw new Error(
      `DROVER_RUN_AS names "${name}", which is root: jobs are run under accounts without its rights only.`,
    );
  return { name: found, uid: Number(uid), gid: Number(gid), home };
}
