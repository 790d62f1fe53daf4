import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { secretTexts, type Config } from '@drover/config';
import { DIALECTS } from '@drover/dialects';

const MASK = '***';
const SHORTEST_KEY = 16;
/**
 * Tokens (JWT, three parts; invitations and keys of nodes, registrations of agents: an id and a random text), bearer
 * tokens, logins in URLs, and passwords in statements, whoever wrote them.
 */
const PATTERNS: readonly [RegExp, string][] = [
  [/\beyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/g, MASK],
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[\w-]{43}(?![\w-])/gi, MASK],
  [/\b((?:ENCRYPTED\s+)?PASSWORD\s+E?)'(?:[^']|'')*(?:'|$)/gi, `$1'${MASK}'`],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${MASK}`],
  [/(:\/\/[^:/@\s"]*:)[^@/\s"]+@/g, `$1${MASK}@`],
  [/(:\/\/)[^:/@\s"]{16,}@/g, `$1${MASK}@`],
  [/("?(?:password|passwd|secret|token|api[-_]?key)"?\s*[:=]\s*"?)[^\s",}]{4,}/gi, `$1${MASK}`],
];

/** Takes every secret that is set here out of a text, and whatever looks like one. */
export function hider(config: Config | undefined): (text: string) => string {
  const secrets = [...keysOf(config), ...secretTexts(DIALECTS)];
  return (text) => {
    let hidden = text;
    for (const secret of secrets) {
      hidden = hidden.replaceAll(secret, MASK);
      // As it stands within a text of JSON.
      const quoted = JSON.stringify(secret).slice(1, -1);
      if (quoted !== secret) hidden = hidden.replaceAll(quoted, MASK);
    }
    for (const [pattern, mask] of PATTERNS) hidden = hidden.replace(pattern, mask);
    return hidden;
  };
}

/** The keys of this installation, which open what the record holds sealed: a line each. */
function keysOf(config: Config | undefined): string[] {
  if (config === undefined) return [];
  try {
    return readFileSync(config.access.keyFile ?? join(config.dataDir, 'instance.key'), 'utf8')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line.length >= SHORTEST_KEY);
  } catch {
    return [];
  }
}
