/** Parts of names of environment variables whose values are shown to nobody. */
export const SECRET_WORDS: readonly string[] = ['password', 'passwd', 'key', 'secret', 'token', 'client_id', 'credential'];

const MASK = '***';

/** Whether a name contains one of the words, in any case. */
export const isSecretName = (name: string, words: readonly string[] = SECRET_WORDS): boolean => words.some((word) => name.toLowerCase().includes(word));

/** A copy of an environment as it may be shown: values under secret-looking names are masked. What runs keeps the values. */
export function maskedEnv(env: Readonly<Record<string, string>>, words: readonly string[] = SECRET_WORDS): Record<string, string> {
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, isSecretName(name, words) ? MASK : value]));
}

/** A URL without what may be a secret in it: user, password and the values of its query. Anything else is given back unchanged. */
export function maskedUrl(text: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || !URL.canParse(text)) return text;
  const url = new URL(text);
  if (url.username === '' && url.password === '' && url.search === '') return text;
  url.username = '';
  url.password = '';
  const query = [...url.searchParams.keys()].map((name) => `${encodeURIComponent(name)}=${MASK}`).join('&');
  url.search = '';
  return query === '' ? url.href : `${url.href.replace(/#.*$/, '')}?${query}`;
}

/** How deep `maskedValue` looks; what lies deeper is left out. */
const MAX_DEPTH = 64;

/** A copy of any JSON value in which texts under secret-looking names and in URLs are masked. */
export function maskedValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return maskedUrl(value);
  if (value === null || typeof value !== 'object') return value;
  if (depth >= MAX_DEPTH) return null;
  if (Array.isArray(value)) return value.map((inner) => maskedValue(inner, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, typeof inner === 'string' && isSecretName(name) ? MASK : maskedValue(inner, depth + 1)]),
  );
}
