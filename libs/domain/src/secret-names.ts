/** Parts of names of environment variables whose values are shown to nobody. */
export const SECRET_WORDS: readonly string[] = ['password', 'passwd', 'key', 'secret', 'token', 'client_id', 'credential'];

const MASK = '***';

/** Whether a name contains one of the words, in any case. */
export const isSecretName = (name: string, words: readonly string[] = SECRET_WORDS): boolean => words.some((word) => name.toLowerCase().includes(word));

/** A copy of an environment as it may be shown: values under secret-looking names are masked. What runs keeps the values. */
export function maskedEnv(env: Readonly<Record<string, string>>, words: readonly string[] = SECRET_WORDS): Record<string, string> {
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, isSecretName(name, words) ? MASK : value]));
}
