import type { Command } from 'commander';
import { createDroverClient, type DroverClient, type Problem } from '@drover/client';
import { loadConfig } from '@drover/config';
import { EXIT, ExitError, heardFrom } from '../exit.js';
import { credentialsFor, type Credentials } from '../login/credentials.js';
import { reach } from './reach.js';

export interface Session {
  /** The base URL, without a slash at the end. */
  url: string;
  api: DroverClient;
  credentials: Credentials;
}

/** A refusal of the API, in its own words. */
export class Refused extends ExitError {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(status === 404 ? EXIT.notFound : EXIT.failed, message);
  }
}

export interface ConnectOptions {
  api?: string;
  token?: string;
}

/** Adds what every command that talks to the API takes. */
export function connecting(command: Command): Command {
  return command
    .option('--api <url>', 'where the API is (default: DROVER_API_URL)')
    .option(
      '--token <token>',
      'access token; others on this machine can read it there: better DROVER_TOKEN, or drover login',
    );
}

/** The API a command talks to, without a slash at the end. */
export const apiUrlOf = ({ api }: ConnectOptions): string => (api ?? loadConfig().apiUrl).replace(/\/+$/, '');

export function openSession(options: ConnectOptions): Session {
  const url = apiUrlOf(options);
  const credentials = credentialsFor(url, options.token ?? loadConfig().cli.token);
  return {
    url,
    credentials,
    api: createDroverClient({ url, fetch: ((request: Request) => withLogin(credentials, request)) as typeof fetch }),
  };
}

/** Sends a request with the login; a token that is over is renewed once. */
export async function withLogin(credentials: Credentials, request: Request): Promise<Response> {
  const send = async (): Promise<Response> => {
    const token = await credentials.token();
    const copy = request.clone();
    if (token !== null) copy.headers.set('authorization', `Bearer ${token}`);
    const answer = await reach(copy);
    heardFrom(new URL(request.url).origin);
    return answer;
  };
  const answer = await send();
  if (answer.status !== 401 || !(await credentials.renew())) return answer;
  await answer.body?.cancel();
  return send();
}

/** The data of an answer, or its problem as an error. */
export function unwrap<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  if (answer.error === undefined && answer.response.ok) return answer.data as T;
  const problem = answer.error as Partial<Problem> | undefined;
  const faults = problem?.errors?.map((fault) => `\n  ${fault.field}: ${fault.message}`).join('') ?? '';
  throw new Refused(
    answer.response.status,
    faults ? `The API refused it:${faults}` : (problem?.detail ?? `The API answered ${answer.response.status}.`),
  );
}
