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
/** Testflinger's bodies must be smaller than this. */
const LAB_BODY_BYTES = 16 * MIB;
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

interface Entry extends Partial<BodyRule> {
  path: RegExp;
  methods?: readonly string[];
}

const DEFAULT: BodyRule = { reader: 'handler', bytes: DEFAULT_BODY_BYTES, depth: 128, items: 50_000 };
const POST = ['POST'] as const;

/** The first match counts. Paths are those of the router, without a slash at the end. */
const ENTRIES: readonly Entry[] = [
  {
    path: /^\/api\/v1\/jobs\/batch$/i,
    methods: POST,
    reader: 'json',
    bytes: BATCH_BODY_BYTES,
    items: 2_000_000,
    elements: LIMITS.batch_jobs,
  },
  { path: /^\/api\/v1\/jobs$/i, methods: POST, reader: 'json', bytes: BODY_BYTES, items: 200_000 },
  { path: /^\/api\/v1(\/|$)/i, reader: 'json', bytes: 64 * KIB },

  { path: /^\/agent\/v1\/executions\/[^/]+\/artifacts$/i, reader: 'stream' },
  // A gzip member of incompressible bytes is a little larger than they are.
  { path: /^\/agent\/v1\/executions\/[^/]+\/logs$/i, bytes: MAX_CHUNK_BYTES + 64 * KIB },
  { path: /^\/agent\/v1\//i, reader: 'agent', bytes: 32 * MIB, items: 2_000_000 },

  { path: /^(\/jobs\/submit|\/v1\/login\/access-token)$/, reader: 'form' },

  // Testflinger: the limit of its contract where documents, results, logs and the output of devices come in.
  { path: /^\/v1\/(result\/[^/]+\/artifact|job\/[^/]+\/attachments)$/, reader: 'stream' },
  { path: /^\/v1\/(job|result|agents)(\/|$)/, bytes: LAB_BODY_BYTES - 1, depth: 200, items: 500_000 },
  // Flux and HPC: a job with a large environment.
  { path: /^\/v1\/jobs(\/submit)?$/, bytes: 4 * MIB },
  // fastlane: a payload with large files in it.
  { path: /^\/tasks\/[^/]+$/, bytes: 8 * MIB, items: 200_000 },
  { path: /^\/(alarms\/+(add|del)|push|accumulate|set)(\/|$)/, bytes: 64 * KIB },
];

/** The rule for the body of a request. */
export function bodyRuleOf(method: string, path: string): BodyRule {
  const plain = path.length > 1 ? path.replace(/\/+$/, '') : path;
  const found = ENTRIES.find(
    (entry) => entry.path.test(plain) && (entry.methods === undefined || entry.methods.includes(method)),
  );
  return found ? { ...DEFAULT, ...found } : DEFAULT;
}
