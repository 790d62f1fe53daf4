import type { Command } from 'commander';
import { loadConfig } from '@drover/config';
import { createDroverClient, type DroverClient, type Problem } from '@drover/client';

/** How often a request is tried while the API does not answer, and for how long. */
const RETRY_MS = 500;
const PATIENCE_MS = 30_000;
const REQUEST_MS = 30_000;

export interface Session {
  /** Without a slash at the end. */
  url: string;
  token: string | undefined;
  api: DroverClient;
}

/** A refusal of the API, in its own words. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export interface ConnectOptions {
  api?: string;
  token?: string;
}

/** Adds what every command that talks to the API takes. */
export function connecting(command: Command): Command {
  return command.option('--api <url>', 'where the API is (default: DROVER_API_URL)').option('--token <token>', 'access token, where the API asks for a login');
}

export function openSession({ api, token }: ConnectOptions): Session {
  const url = (api ?? loadConfig().apiUrl).replace(/\/+$/, '');
  return { url, token, api: createDroverClient({ url, ...(token === undefined ? {} : { token }), fetch: patientFetch }) };
}

/** Tries again while nobody answers (a restart takes a second or two). What was answered is never sent again. */
const patientFetch = (async (request: Request) => {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      const answer = await fetch(request.clone(), { signal: AbortSignal.timeout(REQUEST_MS) });
      if (answer.status !== 503 || Date.now() > end) return answer;
      await answer.body?.cancel();
    } catch (error) {
      // Only a GET, or a submit with its key, may be repeated when it is not known whether it arrived.
      const repeatable = request.method === 'GET' || request.headers.has('idempotency-key') || refusedConnection(error);
      if (!repeatable || Date.now() > end) throw new Error(`The API at ${new URL(request.url).origin} does not answer (${reasonOf(error)}); set DROVER_API_URL, or start it with \`drover up\`.`, { cause: error });
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}) as typeof fetch;

const refusedConnection = (error: unknown): boolean => (error as { cause?: { code?: string } }).cause?.code === 'ECONNREFUSED';
const reasonOf = (error: unknown): string => {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message: string };
  return cause?.code ?? cause?.message ?? message;
};

/** The data of an answer, or its problem as an error. */
export function unwrap<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  if (answer.error === undefined && answer.response.ok) return answer.data as T;
  const problem = answer.error as Partial<Problem> | undefined;
  const faults = problem?.errors?.map((fault) => `\n  ${fault.field}: ${fault.message}`).join('') ?? '';
  throw new Refused(answer.response.status, faults ? `The API refused it:${faults}` : (problem?.detail ?? `The API answered ${answer.response.status}.`));
}
