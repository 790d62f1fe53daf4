import type { Application, Express, Request } from 'express';
import { LIMITS } from '@drover/jobs';
import { MAX_CHUNK_BYTES } from '@drover/protocol';
import type { JsonLimits } from './json-scan.js';

const KIB = 1024;
const MIB = 1024 * KIB;

/**
 * Largest JSON body of one native job: its command, input, environment and payload at their limits, and room for the
 * rest.
 */
export const BODY_BYTES = 8 * MIB;
/** The same of a batch. */
export const BATCH_BODY_BYTES = 32 * MIB;
/** The largest body of a route that names no other size. */
export const DEFAULT_BODY_BYTES = MIB;

/**
 * The readers of a body, always after every guard of its route has let the request pass. `json`: read before the
 * handler, refused when it is none. `agent`: the same, but another content type counts as no body. `form`: an HTML
 * form. `handler`: the dialect reads it in its own words, with the limits of this rule. `stream`: the handler passes it
 * on as it comes; its length has no limit here.
 */
type Reader = 'json' | 'agent' | 'form' | 'handler' | 'stream';

export interface BodyRule extends JsonLimits {
  reader: Reader;
  bytes: number;
}

/** A rule for the bodies of some paths. What it leaves out is as for every route. */
export interface BodyEntry extends Partial<BodyRule> {
  /** The path as the router sees it, without a slash at the end. */
  path: RegExp;
  methods?: readonly string[];
}

const DEFAULT: BodyRule = { reader: 'handler', bytes: DEFAULT_BODY_BYTES, depth: 128, items: 50_000 };
const POST = ['POST'] as const;

/** The rules of the product; the first match counts. */
const ENTRIES: readonly BodyEntry[] = [
  {
    path: /^\/api\/v1\/jobs\/batch$/i,
    methods: POST,
    reader: 'json',
    bytes: BATCH_BODY_BYTES,
    items: 2_000_000,
    elements: LIMITS.batch_jobs,
  },
  { path: /^\/api\/v1\/jobs$/i, methods: POST, reader: 'json', bytes: BODY_BYTES, items: 200_000 },
  // 10,000 ids.
  { path: /^\/api\/v1\/jobs\/actions(\/preview)?$/i, methods: POST, reader: 'json', bytes: 512 * KIB },
  // Read of anybody: the login stands in it.
  { path: /^\/api\/v1\/session$/i, reader: 'json', bytes: 8 * KIB },
  { path: /^\/api\/v1(\/|$)/i, reader: 'json', bytes: 64 * KIB },

  { path: /^\/agent\/v1\/executions\/[^/]+\/artifacts$/i, reader: 'stream' },
  // A gzip member of incompressible bytes is a little larger than they are.
  { path: /^\/agent\/v1\/executions\/[^/]+\/logs$/i, bytes: MAX_CHUNK_BYTES + 64 * KIB },
  { path: /^\/agent\/v1\//i, reader: 'agent', bytes: 32 * MIB, items: 2_000_000 },
];

/** The rule for the body of a request. `ofDialects`: the rules that the dialects bring. */
export function bodyRuleOf(method: string, path: string, ofDialects: readonly BodyEntry[]): BodyRule {
  const plain = path.length > 1 ? path.replace(/\/+$/, '') : path;
  const fits = (entry: BodyEntry): boolean =>
    entry.path.test(plain) && (entry.methods === undefined || entry.methods.includes(method));
  const found = ENTRIES.find(fits) ?? ofDialects.find(fits);
  return found ? { ...DEFAULT, ...found } : DEFAULT;
}

const LOCAL = 'bodyRules';

/** Gives the server the rules that the dialects bring. */
export function takeBodyRules(server: Express, ofDialects: readonly BodyEntry[]): void {
  server.locals[LOCAL] = ofDialects;
}

/** The rule of a request's route, by the path it came with. An early route has looked it up once for all its requests. */
export function ruleOfRequest({ app, method, path, bodyRule }: Request & { bodyRule?: BodyRule }): BodyRule {
  return bodyRule ?? bodyRuleOfServer(app, method, path);
}

/** The same by method and path. */
export const bodyRuleOfServer = ({ locals }: Pick<Application, 'locals'>, method: string, path: string): BodyRule =>
  bodyRuleOf(method, path, (locals[LOCAL] as readonly BodyEntry[] | undefined) ?? []);
