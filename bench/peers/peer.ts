import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { Missing } from '../lib/missing.js';

export const execute = promisify(execFile);

/** A broker that somebody would take instead of Drover, as Debian has it. */
export interface Peer {
  name: string;
  /** Packages of Debian that it comes in. */
  packages: string;
  /** Files of these packages, without which it cannot be measured. */
  files: readonly string[];
  /** One sentence to be read beside its figures: where it does less than Drover, or does it otherwise. */
  note: string;
  start(options: PeerOptions): Promise<RunningPeer>;
}

export interface PeerOptions {
  /** Empty, and its own. */
  folder: string;
  slots: number;
  /** When its Redis syncs its log. */
  fsync: 'everysec' | 'always';
}

export interface RunningPeer {
  /** Seconds from the first submit until the last of so many `true` jobs has ended and its broker knows it. */
  rate(jobs: number): Promise<number>;
  /** Milliseconds from each submit to the running `date`, one at a time. */
  starts(runs: number, gapMs: number): Promise<number[]>;
  close(): Promise<void>;
}

/** @throws Missing with the command that installs it */
export function demandInstalled({ name, packages, files }: Peer): void {
  const missing = files.find((file) => !existsSync(file));
  if (missing !== undefined)
    throw new Missing(`${name} is left out: ${missing} is missing. On Debian: apt-get install ${packages}`);
}

/** From a submit's time in ns, as text, to what `date +%s%N` wrote into a file; ms. */
export const sinceSubmit = (submittedNs: string, file: string): number =>
  Number(BigInt(readFileSync(file, 'utf8').trim()) - BigInt(submittedNs)) / 1e6;
