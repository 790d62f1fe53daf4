import type { Request } from 'express';
import { ruleOfRequest } from './body-rules.js';
import { JsonScan } from './json-scan.js';
import { parseJson } from './parse-json.js';
import { receive } from './receive.js';

/**
 * The JSON value of a request's body, whatever its content type says; undefined when there is none. Depth and numbers
 * are looked at while the bytes come. Throws a refusal.
 */
export async function readJsonBody(request: Request, encodings?: readonly string[]): Promise<unknown> {
  const { bytes, lists } = await scanned(request, encodings);
  return parseJson(bytes, lists);
}

/** The text of a JSON body, looked at but not parsed. Throws a refusal. */
export async function readJsonText(request: Request): Promise<string> {
  return (await scanned(request)).bytes.toString('utf8');
}

/** The body as it is. Throws a refusal when it is larger than its route takes. */
export const readBytes = (request: Request): Promise<Buffer> =>
  receive(request, { bytes: ruleOfRequest(request).bytes });

async function scanned(
  request: Request,
  encodings?: readonly string[],
): Promise<{ bytes: Buffer; lists: JsonScan['lists'] }> {
  const rule = ruleOfRequest(request);
  const scan = new JsonScan(rule);
  const bytes = await receive(request, {
    bytes: rule.bytes,
    inspect: (part) => scan.feed(part),
    ...(encodings ? { encodings } : {}),
  });
  return { bytes, lists: scan.lists };
}
