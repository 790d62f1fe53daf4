import { section } from './section.js';
import { flag, integer, list, text, Unfit, variable } from './variable.js';

const LEVELS = ['none', 'user', 'namespace'] as const;
const NAME = /^[A-Za-z_][A-Za-z0-9_.-]*\$?$/;
/** Numbers of users below are accounts of the machine. */
const LEAST_UID = 1_000;
const MOST_UID = 2 ** 31;

/** Capabilities most images need to start as root and go on as somebody else. */
const CAPABILITIES = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETGID', 'SETUID', 'KILL', 'NET_BIND_SERVICE'];

function absolute(item: string): string {
  if (!item.startsWith('/')) throw new Unfit(`must be a list of absolute paths; "${item}" is none.`);
  return item;
}

/** How far a job is kept from the worker, from other jobs and from the machine. */
export const isolation = section(
  'Isolation of jobs',
  {
    level: variable<'none' | 'user' | 'namespace' | null>(
      'DROVER_ISOLATION',
      LEVELS.join(', '),
      {
        about:
          'none: jobs have the rights of the worker. user: each running job has a user of its own (the worker runs as root). ' +
          'namespace: each job has its own view of processes and files.',
        default: null,
        fallback: 'none without a login; with one the strongest level the machine gives',
      },
      (value) => {
        const found = LEVELS.find((level) => level === value.toLowerCase());
        if (found === undefined) throw new Unfit(`must be one of ${LEVELS.join(', ')}.`);
        return found;
      },
    ),
    uids: variable(
      'DROVER_ISOLATION_UIDS',
      'first-last',
      {
        about: 'Numbers of users (and groups) for jobs, one a running job; nobody else may have them.',
        default: { first: 200_000, last: 200_999 },
        fallback: '200000-200999',
      },
      (value) => {
        const [first, last] = value.split('-').map(Number);
        if (
          !/^\d+-\d+$/.test(value) ||
          first === undefined ||
          last === undefined ||
          first < LEAST_UID ||
          last < first ||
          last >= MOST_UID ||
          last - first > 1_000_000
        ) {
          throw new Unfit(`must be a range of numbers from ${LEAST_UID}, such as 200000-200999.`);
        }
        return { first, last };
      },
    ),
    hidden: list(
      'DROVER_ISOLATION_HIDE',
      'absolute paths, comma-separated',
      {
        about:
          'Folders that jobs do not see with DROVER_ISOLATION=namespace, beside /home, /root, /run, the data folder and the home of the worker.',
        default: [],
        fallback: 'none',
      },
      absolute,
    ),
    shown: list(
      'DROVER_ISOLATION_SHOW',
      'absolute paths, comma-separated',
      {
        about:
          'Folders inside hidden ones that jobs see, read-only, with DROVER_ISOLATION=namespace, such as tools in a home.',
        default: [],
        fallback: 'none',
      },
      absolute,
    ),
    runAs: list(
      'DROVER_RUN_AS',
      'owner:account, comma-separated',
      {
        about:
          'Accounts of this machine under which the jobs of an owner run, with their groups. Needs DROVER_ISOLATION=user or namespace, and root.',
        default: [],
        fallback: 'none',
      },
      (item) => {
        const at = item.lastIndexOf(':');
        const [owner, account] = [item.slice(0, at).trim(), item.slice(at + 1).trim()];
        if (at < 1 || !NAME.test(account))
          throw new Unfit('must be a list of owner:account, such as ada:alovelace,grace:ghopper.');
        return { owner, account };
      },
    ),
    containerCapabilities: list(
      'DROVER_CONTAINER_CAPABILITIES',
      'names such as CHOWN, comma-separated, or none',
      {
        about: 'Capabilities a container keeps; all others are dropped.',
        default: CAPABILITIES,
      },
      (item) => {
        const name = item.toUpperCase().replace(/^CAP_/, '');
        if (!/^[A-Z_]+$/.test(name) || name === 'ALL')
          throw new Unfit(`must be a list of capabilities, such as CHOWN,SETUID, or none; "${item}" is no such name.`);
        return name;
      },
    ),
    containerPids: integer('DROVER_CONTAINER_PIDS', {
      about: 'Most processes and threads in a container.',
      default: 4_096,
      min: 16,
      max: 4_194_304,
    }),
    containerUser: text('DROVER_CONTAINER_USER', {
      about: 'User (and group) that commands in containers run as, where the job names none.',
      default: null,
      fallback: "the image's",
      accepts: 'user[:group]',
      matches: /^[A-Za-z0-9_][A-Za-z0-9_.-]*(:[A-Za-z0-9_][A-Za-z0-9_.-]*)?$/,
      remedy: 'must be a user, or user:group, such as 1000:1000 or nobody.',
    }),
    containerReadOnly: flag('DROVER_CONTAINER_READ_ONLY', {
      about: "Containers cannot write to their root; /tmp is writable, and the job's folder where it is mounted.",
      default: false,
    }),
  },
  ({ runAs, level }, env, problems) => {
    const value = env['DROVER_RUN_AS'] ?? '';
    if (runAs.length > 0 && level !== 'user' && level !== 'namespace') {
      problems.push({
        variable: 'DROVER_RUN_AS',
        value,
        remedy: 'needs DROVER_ISOLATION=user or DROVER_ISOLATION=namespace beside it.',
      });
    }
    const owners = runAs.map(({ owner }) => owner);
    const twice = owners.find((owner, at) => owners.indexOf(owner) !== at);
    if (twice !== undefined)
      problems.push({ variable: 'DROVER_RUN_AS', value, remedy: `names the owner "${twice}" twice; name each once.` });
  },
);
