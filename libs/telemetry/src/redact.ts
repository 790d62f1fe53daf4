const SECRET_KEY = /passw(or)?d|secret|token|authorization|cookie|api[-_]?key|credential|private[-_]?key/i;
const MASK = '***';
const MAX_DEPTH = 6;
const MAX_ITEMS = 100;

/** Hides the password of a URL inside a text. */
export function redactText(text: string): string {
  return text.includes('://') ? text.replace(/(:\/\/[^:/@\s]*:)[^@/\s]+@/g, `$1${MASK}@`) : text;
}

/**
 * A copy of what is about to be logged in which every value under a key that looks like a secret is masked, at any
 * depth. Deeper than 6 levels and longer than 100 items is cut, so that no log call can grow without limit.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return value;
  if (value instanceof Error) return redactError(value, depth);
  if (depth >= MAX_DEPTH) return '[deep]';
  if (Array.isArray(value)) {
    const items = value.slice(0, MAX_ITEMS).map((item) => redact(item, depth + 1));
    return value.length > MAX_ITEMS ? [...items, `[${value.length - MAX_ITEMS} more]`] : items;
  }
  if (Buffer.isBuffer(value)) return `[${value.length} bytes]`;
  return redactFields(value, depth);
}

function redactFields(value: object, depth: number): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value).slice(0, MAX_ITEMS)) {
    copy[key] = SECRET_KEY.test(key) && inner !== null && inner !== undefined ? MASK : redact(inner, depth + 1);
  }
  return copy;
}

function redactError(error: Error, depth: number): Record<string, unknown> {
  return {
    ...(depth >= MAX_DEPTH ? {} : redactFields(error, depth)),
    type: error.name,
    message: redactText(error.message),
    stack: redactText(error.stack ?? ''),
    ...(error.cause instanceof Error && depth < MAX_DEPTH ? { cause: redactError(error.cause, depth + 1) } : {}),
  };
}
