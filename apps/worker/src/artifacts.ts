import type { Logger } from '@drover/telemetry';
import { constants, realpathSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { glob } from 'tinyglobby';
import { ApiRefused } from './agent.client.js';
import { Fenced } from './chunk-sink.js';
import type { Session } from './session.js';

/** Files of one execution at most. */
const MAX_FILES = 10_000;

/** Files below `cwd` that match, as relative paths. Nothing outside of it, whatever the patterns or symbolic links say. */
export async function findArtifacts(cwd: string, patterns: readonly string[]): Promise<string[]> {
  const inside = patterns.filter((pattern) => !pattern.startsWith('/') && !pattern.split(/[\\/]/).includes('..'));
  if (inside.length === 0) return [];
  let root: string;
  try {
    root = realpathSync(cwd);
  } catch {
    return [];
  }
  const found = await glob([...inside], { cwd: root, dot: true, onlyFiles: true, followSymbolicLinks: false, expandDirectories: true });
  return found
    .map((path) => relative(root, join(root, path)))
    .filter((path) => staysInside(root, path))
    .toSorted()
    .slice(0, MAX_FILES);
}

/** A link in the middle of a path, or the file itself being one, may lead anywhere. */
function staysInside(root: string, path: string): boolean {
  if (path === '' || path.startsWith('..')) return false;
  try {
    const real = realpathSync(join(root, path));
    return real.startsWith(root + sep);
  } catch {
    return false;
  }
}

/** Sends the artifacts of an execution, one after the other, each streamed. @throws Fenced when the execution is no longer ours */
export async function sendArtifacts(session: Session, logger: Logger, execution: { id: string; epoch: number }, cwd: string, patterns: readonly string[]): Promise<void> {
  for (const path of await findArtifacts(cwd, patterns)) {
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
