import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** The things a page may do beyond showing text. Everything that is not named is forbidden. */
export type Allowed = Partial<Record<'script-src' | 'style-src' | 'connect-src' | 'img-src' | 'form-action', string>>;

/**
 * The Content-Security-Policy of a page: nothing is loaded, run, sent or framed but what it names. Every answer has the
 * one that names nothing.
 */
export function contentPolicy(
  { 'form-action': forms = "'none'", ...allowed }: Allowed = {},
  trustedTypes = false,
): string {
  const all = {
    'default-src': "'none'",
    ...allowed,
    'base-uri': "'none'",
    'form-action': forms,
    'frame-ancestors': "'none'",
  };
  const rules = Object.entries(all).map(([name, value]) => `${name} ${value}`);
  // Scripts that make markup of text are refused by the browser.
  return [...rules, ...(trustedTypes ? ["require-trusted-types-for 'script'", "trusted-types 'none'"] : [])].join('; ');
}

/** Headers of every answer, whoever gives it. Files and JSON are nobody's page, and pages stand in nobody's frame. */
const HEADERS: readonly (readonly [string, string])[] = [
  ['Content-Security-Policy', contentPolicy()],
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
  ['Referrer-Policy', 'same-origin'],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
];

/**
 * Gives every answer of a server the headers above, before anything else sees the request. Call it last: what listens
 * then comes after it.
 */
export function installSafeHeaders(server: Server): void {
  server.prependListener('request', (_request: IncomingMessage, response: ServerResponse) => {
    for (const [name, value] of HEADERS) response.setHeader(name, value);
  });
}
