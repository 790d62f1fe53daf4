import { existsSync } from 'node:fs';
import { request } from 'node:http';

const DEFAULT_SOCKET = '/var/run/docker.sock';
const ANSWER_MS = 5_000;

/** The socket to use: the configured one, else Docker's usual place. */
export const engineSocket = (configured: string | null): string => configured ?? DEFAULT_SOCKET;

/** Asks a container engine whether it is there. Null when it is; else what is missing and what would help: one sentence. */
export async function containerProblem(configured: string | null): Promise<string | null> {
  const socketPath = engineSocket(configured);
  if (!existsSync(socketPath)) {
    return configured === null
      ? `There is no container engine: ${DEFAULT_SOCKET} does not exist; set DROVER_DOCKER_SOCKET to the socket of Docker or Podman.`
      : `There is no container engine: DROVER_DOCKER_SOCKET names ${socketPath}, which does not exist.`;
  }
  return new Promise((resolve) => {
    const asked = request({ socketPath, path: '/_ping', timeout: ANSWER_MS }, (answer) => {
      answer.resume();
      resolve(
        answer.statusCode === 200
          ? null
          : `The container engine at ${socketPath} answers ${answer.statusCode} to a ping.`,
      );
    });
    asked.on('timeout', () => asked.destroy(new Error(`no answer within ${ANSWER_MS / 1000} s`)));
    asked.on('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EACCES' ? "the worker's user may not use the socket" : error.message;
      resolve(`The container engine at ${socketPath} cannot be reached: ${why}.`);
    });
    asked.end();
  });
}
