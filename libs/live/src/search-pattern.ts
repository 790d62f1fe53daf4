import { RE2JS } from 're2js';

/** The search for lines: one of `text` and `regex`. */
export interface LinePattern {
  text?: string;
  /** In the syntax of RE2. */
  regex?: string;
  ignoreCase: boolean;
}

/** Errors as programs of many kinds write them: words in any case, and names such as `ValueError`. */
export const ERRORS_REGEX =
  '(?i:\\b(errors?|fatal|panic|exception|traceback|critical|failed|failure|segmentation fault)\\b)|[a-z](Error|Exception)\\b';

const isAscii = (text: string): boolean => Buffer.byteLength(text) === text.length;

/**
 * The pattern as a regular expression, or null where bytes are compared. Matching takes a time in proportion to the
 * text, whatever the pattern.
 *
 * @throws Error for a pattern that is none
 */
export function compile({ text, regex, ignoreCase }: LinePattern): RE2JS | null {
  const flags = ignoreCase ? RE2JS.CASE_INSENSITIVE : 0;
  if (regex !== undefined) return RE2JS.compile(regex, flags);
  // Cases of letters beyond ASCII need more than a comparison of bytes.
  return ignoreCase && !isAscii(text ?? '') ? RE2JS.compile(RE2JS.quote(text ?? ''), flags) : null;
}

/** The matches of a regular expression in a line, in bytes. */
export function regexRanges(regex: RE2JS, line: string, most: number): [number, number][] {
  const ranges: [number, number][] = [];
  const matcher = regex.matcher(line);
  while (ranges.length < most && matcher.find())
    ranges.push([Buffer.byteLength(line.slice(0, matcher.start())), Buffer.byteLength(line.slice(0, matcher.end()))]);
  return ranges;
}
