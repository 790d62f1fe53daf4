/** The settings that this client takes from the environment, as the command line does. */
export interface Environment {
  readonly url: string;
  readonly token: string | null;
}

/** Reads DROVER_API_URL and DROVER_TOKEN. Where there is no environment, such as in a browser, nothing is set. */
export function environment(): Environment {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  const { DROVER_API_URL: url, DROVER_TOKEN: token } = process?.env ?? {};
  return { url: url || 'http://127.0.0.1:8080', token: token || null };
}
