import { constants } from 'node:fs';
import { open, readlink, realpath, type FileHandle } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { Logger } from '@drover/telemetry';
import { ApiRefused, Unsendable } from './agent.client.js';
import type { Search } from './artifact-search.js';
import { Fenced } from './chunk-sink.js';
import type { Session } from './session.js';
import { GivenUp, UploadPatience } from './upload-patience.js';

/** Files of one execution at most. */
const MAX_FILES = 10_000;
/** Read from a file at a time. */
const READ_BYTES = 64 * 1024;

const SEARCH_ENTRY = new URL('./artifact-search.js', import.meta.url);
const SEARCH_MEMORY_MB = 256;
/** Searches that run at once on this node: hundreds of jobs with slow patterns must not get hundreds of threads. */
const SEARCHES = 2;
let searching = 0;
const waiting: (() => void)[] = [];

/** Runs `search` when it is its turn. */
async function inTurn<T>(search: () => Promise<T>): Promise<T> {
  if (searching >= SEARCHES) await new Promise<void>((resolve) => waiting.push(resolve));
  else searching += 1;
  try {
    return await search();
  } finally {
    // The place goes to whoever waits longest.
    const next = waiting.shift();
    if (next) next();
    else searching -= 1;
  }
}

/**
 * Files below `cwd` that match, as relative paths.
 *
 * @throws Error when the search takes longer than `seconds`, or too much memory
 */
async function findArtifacts(cwd: string, patterns: readonly string[], seconds: number): Promise<string[]> {
  const search: Search = { cwd, patterns: [...patterns], most: MAX_FILES };
  const thread = new Worker(SEARCH_ENTRY, {
    workerData: search,
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: SEARCH_MEMORY_MB },
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<string[]>((resolve, reject) => {
      timer = setTimeout(
        () => reject(new Error(`The search for artifacts took longer than ${seconds} s (DROVER_ARTIFACT_SEARCH).`)),
        seconds * 1000,
      );
      thread.once('message', resolve);
      thread.once('error', reject);
      thread.once('exit', (code) => reject(new Error(`The search for artifacts ended with code ${code}.`)));
    });
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}

/** The execution whose artifacts are sent, and what sends them. */
export interface ArtifactContext {
  session: Session;
  logger: Logger;
  /** Seconds a search for artifacts may take. */
  artifactSearchS: number;
  /** Seconds for which an upload is tried that fails while the API answers everything else. */
  artifactUploadS: number;
}

/** The execution whose files are sent, and what shows that a file is its own. */
export interface ArtifactOwner {
  id: string;
  epoch: number;
  /** Number of the user the job ran under. Absent: the worker's own, whose files all are. */
  uid?: number;
  /** The folder that every file has to be in, where the job saw other files under its paths than the worker does. */
  only?: string;
}

/**
 * Opens a file that a job has named, with the worker's rights but for what the job could have read itself: no link is
 * followed at the end of the path, none on the way leads out of the folder, and the file is the job's own.
 *
 * @throws Error with a sentence
 */
async function openArtifact(
  cwd: string,
  path: string,
  { uid, only }: Pick<ArtifactOwner, 'uid' | 'only'>,
): Promise<{ file: FileHandle; size: number }> {
  // O_NONBLOCK: a pipe that was put in its place must not hold us.
  const file = await open(join(cwd, path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw new Error(`${path} is no file any more.`);
    // Where it really is: whatever was exchanged on the way, this is what was opened.
    const place = await readlink(`/proc/self/fd/${file.fd}`);
    if (!place.startsWith(`${await realpath(only ?? cwd)}${sep}`))
      throw new Error(`${path} is not in the folder of the job.`);
    if (uid !== undefined && stat.uid !== uid)
      throw new Error(`${path} belongs to another user than the job ran under.`);
    return { file, size: stat.size };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * The first `size` bytes of an open file, for one try of an upload. The file stays open when the stream is destroyed: a
 * stream of the handle itself would close it, and the next try of the upload would have nothing to read. By its path it
 * could have become another file meanwhile.
 */
async function* bytesOf(file: FileHandle, path: string, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < size;) {
    const wanted = Math.min(READ_BYTES, size - at);
    const { bytesRead, buffer } = await file
      .read(Buffer.allocUnsafe(wanted), 0, wanted, at)
      .catch((error: Error) => Promise.reject(new Unsendable(`${path} cannot be read: ${error.message}`)));
    if (bytesRead === 0) throw new Unsendable(`${path} has ${at} bytes; it had ${size} when its upload began.`);
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

/** Characters of a sentence on artifacts that were not sent, and files that it names. */
const MOST_SAID = 2_000;
const MOST_NAMED = 5;

/**
 * Sends the artifacts of an execution, one after the other, each streamed.
 *
 * @returns a sentence about those that could not be sent; null: there are none
 * @throws Fenced when the execution is no longer ours
 */
export async function sendArtifacts(
  { session, logger, artifactSearchS, artifactUploadS }: ArtifactContext,
  execution: ArtifactOwner,
  cwd: string,
  patterns: readonly string[],
): Promise<string | null> {
  let found: string[];
  try {
    found = await inTurn(() => findArtifacts(cwd, patterns, artifactSearchS));
  } catch (error) {
    logger.warn(
      { err: error, execution: execution.id, patterns },
      'no artifacts were sent: they could not be searched for',
    );
    return `No artifacts were kept: ${reasonOf(error)}`;
  }
  const patience = new UploadPatience(artifactUploadS, () => session.silentMs);
  const lacking: string[] = [];
  for (const path of found) {
    patience.begin();
    try {
      // Opened once: a file that is not the job's is no matter of waiting for the API.
      const { file, size } = await openArtifact(cwd, path, execution);
      try {
        await session.persist(
          async (client) => {
            const body = Readable.from(bytesOf(file, path, size), { objectMode: false });
            await client.artifact(execution.id, execution.epoch, path, body, size);
          },
          (error) => patience.failed(error),
        );
      } finally {
        await file.close();
      }
    } catch (error) {
      if (error instanceof ApiRefused && (error.status === 409 || error.status === 404))
        throw new Fenced(`Execution ${execution.id} is no longer ours.`);
      logger.warn({ err: error, execution: execution.id, path }, 'an artifact could not be sent');
      const limit = error instanceof GivenUp ? `, tried for ${artifactUploadS} s (DROVER_ARTIFACT_UPLOAD)` : '';
      lacking.push(`${path} (${reasonOf(error).replace(/\.$/, '')}${limit})`);
    }
  }
  if (lacking.length === 0) return null;
  const named = lacking.slice(0, MOST_NAMED).join('; ');
  const more = lacking.length > MOST_NAMED ? ` and ${lacking.length - MOST_NAMED} more` : '';
  return `${lacking.length} of ${found.length} artifacts could not be kept: ${named}${more}.`.slice(0, MOST_SAID);
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
