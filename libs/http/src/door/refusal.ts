import { problem, type Problem } from '../problem.js';

/**
 * A refusal of the door as every dialect's client can read it: problem+json, with the words under which the dialects
 * look for a reason (`message`, `error`, `operation`, `success`).
 */
function doorRefusal(status: 400 | 403 | 421, code: string, text: string): Problem {
  return { ...problem(status, code, text), error: code, message: text, operation: 'door', success: false };
}

/** Quotes at most 200 characters of a text so that they may stand in a message or a log line. */
const shown = (text: string): string => JSON.stringify(text.slice(0, 200));

export const noHost = (): Problem => doorRefusal(400, 'malformed', 'A request names one Host, once.');

export const unreadable = (): Problem => doorRefusal(400, 'malformed', 'The path or a header cannot be read.');

export const foreignHost = (host: string): Problem =>
  doorRefusal(
    421,
    'foreign_host',
    `The Host ${shown(host)} is none of this API's, which keeps web pages from reaching it under a name of their own. ` +
      'If clients or a proxy reach it under that name, add it to DROVER_HOSTS of the API.',
  );

export const foreignOrigin = (origin: string | undefined, site: string | undefined): Problem =>
  doorRefusal(
    403,
    'foreign_origin',
    `A web page of another origin (${origin === undefined ? `Sec-Fetch-Site: ${shown(site ?? 'missing')}` : shown(origin)}) ` +
      'may not change anything here. If it may, add its origin to DROVER_ORIGINS of the API; ' +
      'if it is a page of this API behind a proxy, set DROVER_PUBLIC_URL.',
  );
