/** Longest spelling: `urn:uuid:{8-4-4-4-12}`, with room for odd hyphens. */
const MAX = 100;

/**
 * Whether a text is a job id as this dialect's clients may spell one: what Python's `uuid.UUID()` takes. Ids are
 * compared as they are spelled, never normalised, and never become names of files.
 */
export function isRef(text: string): boolean {
  if (text.length > MAX) return false;
  const hex = text
    .replaceAll('urn:', '')
    .replaceAll('uuid:', '')
    .replace(/^[{}]+|[{}]+$/g, '')
    .replaceAll('-', '');
  return /^[0-9a-f]{32}$/i.test(hex);
}
