import type { Command } from 'commander';
import {
  ApiError,
  createDroverClient,
  dataOf,
  sendWithLogin,
  type Credentials,
  type DroverClient,
  type Transport,
} from '@drover/client';
import { loadConfig } from '@drover/config';
import { EXIT, ExitError, heardFrom } from '../exit.js';
import { credentialsFor } from '../login/credentials.js';
import { reach } from './reach.js';

export interface Session extends Transport {
  api: DroverClient;
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
  const send = (request: Request): Promise<Response> => withLogin(credentials, request);
  return { url, send, api: createDroverClient({ url, fetch: send as typeof fetch }) };
}

/** Sends a request with the login, and remembers that the API has answered. */
const withLogin = (credentials: Credentials, request: Request): Promise<Response> =>
  sendWithLogin(credentials, request, async (one) => {
    const answer = await reach(one);
    heardFrom(new URL(one.url).origin);
    return answer;
  });

/** The data of an answer. @throws Refused */
export function unwrap<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  try {
    return dataOf(answer);
  } catch (error) {
    throw asRefused(error);
  }
}

/** A refusal of the API as an error with an exit code; any other error as it is. */
export const asRefused = (error: unknown): unknown =>
  error instanceof ApiError ? new Refused(error.status, error.message) : error;
