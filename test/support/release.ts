import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { PROJECT } from './built.js';

/** The release that this version is an upgrade of. */
const RELEASE = { version: '0.1.0', commit: '0b85dcb' } as const;

const FIXTURES = join(PROJECT, 'test/fixtures/releases', RELEASE.version);
/** The parts of a tree that its programs are built of. */
const PARTS = [
  'apps',
  'libs',
  'bin',
  'scripts',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'nest-cli.json',
];

/** Facts about the record of the release's fixtures (scripts/release-fixtures.mjs). */
export interface AboutRelease {
  version: string;
  environment: Record<string, string>;
  rows: Record<string, number>;
  access: { lab: { id: string; key: string }; secret: string };
  jobs: Record<string, string>;
  flux: string;
  hpc: string[];
  lab: { done: string; held: string; waiting: string };
  fastlane: { task: string; job: string };
  alarm: string;
}

/** One request of a worker of the release, and its answer. */
export interface Exchange {
  method: string;
  /** With its query. */
  path: string;
  /** JSON, or the first bytes of another body. */
  request: unknown;
  status: number;
  answer: unknown;
}

const jsonOf = <T>(name: string): T => JSON.parse(readFileSync(join(FIXTURES, name), 'utf8')) as T;

export const aboutRelease = (): AboutRelease => jsonOf('about.json');
export const recordedProtocol = (): Exchange[] => jsonOf<{ exchanges: Exchange[] }>('agent-protocol.json').exchanges;
/** The large objects of the record, in base64, by their paths below the folder of blobs. */
export const releaseBlobs = (): Record<string, string> => jsonOf('blobs.json');
/** The record as SQL statements. */
export const releaseRecord = (): string => gunzipSync(readFileSync(join(FIXTURES, 'record.sql.gz'))).toString('utf8');

/** Why the release cannot be built here; null: it can. */
export function releaseProblem(): string | null {
  try {
    execFileSync('git', ['cat-file', '-e', `${RELEASE.commit}^{commit}`], { cwd: PROJECT, stdio: 'ignore' });
    return null;
  } catch {
    return `the history here lacks commit ${RELEASE.commit} of release ${RELEASE.version} (a shallow clone, or no git)`;
  }
}

/**
 * The release, built from the history: its own sources with the packages of this version, which has all that it
 * imports. Kept below `.cache`, where those packages are found.
 */
export function releaseTree(): string {
  const tree = join(PROJECT, '.cache/releases', RELEASE.commit);
  if (!existsSync(tree)) {
    mkdirSync(join(tree, '..'), { recursive: true });
    const made = mkdtempSync(join(tree, '../making-'));
    const archive = execFileSync('git', ['archive', RELEASE.commit, ...PARTS], {
      cwd: PROJECT,
      maxBuffer: 128 * 1024 * 1024,
    });
    execFileSync('tar', ['-x', '-C', made], { input: archive });
    try {
      renameSync(made, tree);
    } catch {
      // Another run was first.
      rmSync(made, { recursive: true, force: true });
    }
  }
  execFileSync(process.execPath, [join(tree, 'scripts/build.mjs'), '--quick'], { cwd: tree, timeout: 120_000 });
  return tree;
}
