import type { Logger } from '@drover/telemetry';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ApiRefused } from './agent.client.js';
import type { Search } from './artifact-search.js';
import { Fenced } from './chunk-sink.js';
import type { Session } from './session.js';

/** Files of one execution at most. */
const MAX_FILES = 10_000;

const SEARCH_MEMORY_MB = 256;
/** Of this node at once: hundreds of jobs with patterns made for it must not get hundreds of threads. */
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
const SEARCH_ENTRY = new URL('./artifact-search.js', import.meta.url);

/** Files below `cwd` that match, as relative paths. @throws when the search takes longer than `seconds`, or too much memory */
async function findArtifacts(cwd: string, patterns: readonly string[], seconds: number): Promise<string[]> {
  const search: Search = { cwd, patterns: [...patterns], most: MAX_FILES };
  const thread = new Worker(SEARCH_ENTRY, { workerData: search, env: {}, resourceLimits: { maxOldGenerationSizeMb: SEARCH_MEMORY_MB } });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<string[]>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`The search for artifacts took longer than ${seconds} s (DROVER_ARTIFACT_SEARCH).`)), seconds * 1000);
      thread.once('message', resolve);
      thread.once('error', reject);
      thread.once('exit', (code) => reject(new Error(`The search for artifacts ended with code ${code}.`)));
    });
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}

/** Whose artifacts, and how they go. */
export interface ArtifactContext {
  session: Session;
  logger: Logger;
  /** Seconds a search for artifacts may take. */
  artifactSearchS: number;
}

/** Sends the artifacts of an execution, one after the other, each streamed. @throws Fenced when the execution is no longer ours */
export async function sendArtifacts({ session, logger, artifactSearchS }: ArtifactContext, execution: { id: string; epoch: number }, cwd: string, patterns: readonly string[]): Promise<void> {
  let found: string[];
  try {
    found = await inTurn(() => findArtifacts(cwd, patterns, artifactSearchS));
  } catch (error) {
    logger.warn({ err: error, execution: execution.id, patterns }, 'no artifacts were sent: they could not be searched for');
    return;
  }
  for (const path of found) {
    try {
      await session.persist(async (client) => {
        // O_NOFOLLOW: the job's leftovers could still exchange it for a link.
        const file = await open(join(cwd, path), constants.O_RDONLY | constants.O_NOFOLLOW);
        try {
          const { size } = await file.stat();
          const body = file.createReadStream({ autoClose: false, ...(size > 0 ? { end: size - 1 } : {}) });
          await client.artifact(execution.id, execution.epoch, path, body, size);
        } finally {
          await file.close();
        }
      });
    } catch (error) {
      if (error instanceof ApiRefused && (error.status === 409 || error.status === 404)) throw new Fenced(`Execution ${execution.id} is no longer ours.`);
      logger.warn({ err: error, execution: execution.id, path }, 'an artifact could not be sent');
    }
  }
}
