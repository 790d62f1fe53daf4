import type { Ability } from '@drover/access';

/** Parts of the API that an operator may leave open: those whose clients have no way to log in. */
export const OPENABLE = ['metrics', 'metric-proxy', 'hpc-events'] as const;
export type Openable = (typeof OPENABLE)[number];

/**
 * What a route asks for where people log in.
 * `open`: nothing. `own`: its dialect guards it by itself, and takes our logins, too. Abilities: any of them.
 */
export type Demand = 'open' | 'own' | readonly Ability[];

interface Rule {
  /** Of the path without a slash at its end. */
  path: RegExp;
  /** Absent: every method. */
  methods?: readonly string[];
  demand: Demand;
  openable?: Openable;
  /** A logged-in client is asked for these abilities, although the dialect guards the route. */
  ours?: readonly Ability[];
}

const READS = ['GET', 'HEAD'] as const;
const read = ['read'] as const;
const submit = ['submit'] as const;
const operate = ['operate'] as const;
/** Who runs jobs, and who submits them, may say how they go. */
const report = ['agent', 'submit'] as const;

/** First match wins. The test of the access matrix fails for a route that none of them matches. */
const RULES: readonly Rule[] = [
  { path: /^\/(livez|readyz)$/, demand: 'open' },
  { path: /^\/metrics$/, demand: read, openable: 'metrics' },
  // Tokens of agents and executions, enrolment: checked there.
  { path: /^\/agent\/v1\//, demand: 'own' },

  // Testflinger: the roles stand at its routes.
  { path: /^\/v1$/, demand: 'own' },
  { path: /^\/v1\/(job|result|agents|queues|oauth2|client-permissions|restricted-queues|secrets)(\/|$)/, demand: 'own' },

  // Its pages: a browser logs in with a client id and its key.
  { path: /^\/(jobs\/[^/]+|agents(\/[^/]+)?|queues(\/[^/]+)?)$/, methods: READS, demand: 'own', ours: read },

  // Flux and HPC: tokens of their own as well as ours.
  { path: /^\/v1\/(token|login\/access-token)$/, demand: 'own' },
  { path: /^\/v1\/health$/, demand: 'open' },
  { path: /^\/v1\/service\/stop$/, demand: 'own', ours: ['admin'] },
  { path: /^\/v1\/events\/job-(started|finished)$/, demand: ['agent', 'operate'], openable: 'hpc-events' },
  { path: /^\/v1\/jobs\/[^/]+\/metrics$/, methods: ['POST'], demand: 'own', ours: report },
  { path: /^\/v1\/(jobs|nodes)(\/|$)/, methods: READS, demand: 'own', ours: read },
  { path: /^\/v1\/(jobs|nodes)(\/|$)/, demand: 'own', ours: submit },

  // Pages of the Flux API, by HTTP Basic. Its jobs have numbers, those of others are UUIDs; /job/list and the like are the metric proxy's.
  { path: /^\/logout$/, demand: 'open' },
  { path: /^\/(page\/about|jobs)$/, demand: 'own', ours: read },
  { path: /^\/jobs\/submit$/, methods: READS, demand: 'own', ours: read },
  { path: /^\/jobs\/submit$/, demand: 'own', ours: submit },
  { path: /^\/job\/(\d+|0x[\da-f]+|[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12})$/i, methods: READS, demand: 'own', ours: read },
  { path: /^\/job\/(\d+|0x[\da-f]+|[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12})\/cancel$/i, demand: 'own', ours: submit },

  { path: /^\/api\/v1\/audit$/, methods: READS, demand: operate },
  { path: /^\/api\/v1\//, methods: READS, demand: read },
  { path: /^\/api\/v1\/jobs(\/|$)/, demand: submit },
  // Queues, agents, alarms, silences, profiles.
  { path: /^\/api\/v1\//, demand: operate },

  // Its pages hold nothing; what they ask for is held to its own rule.
  { path: /^\/((index|jobs|job_view|alarms|profiles|topology|is_admire_proxy)\.html|pages\/[^/]+)$/, methods: READS, demand: 'open' },
  // The metric proxy: counters come from jobs; alarms and trees are for operators. Its clients say what they change with GET, too.
  { path: /^\/(push|accumulate|set)(\/|$)/, demand: report, openable: 'metric-proxy' },
  { path: /^\/alarms\/(add|del)(\/|$)/, demand: operate, openable: 'metric-proxy' },
  { path: /^\/(join\/list|topo|period)$/, methods: READS, demand: read, openable: 'metric-proxy' },
  { path: /^\/(join|pivot|unjoin|topo|period|disconnect|remove|leave)(\/|$)/, demand: operate, openable: 'metric-proxy' },
  { path: /^\/(job|joblist|alarms|profiles|percmd|get|node|nodes|trace|static)(\/|$)/, demand: read, openable: 'metric-proxy' },

  // fastlane.
  { path: /^\/(healthcheck)?$/, demand: 'open' },
  { path: /^\/docker-executor\//, demand: operate },
  { path: /^\/(tasks|search|status|routes)(\/|$)/, methods: READS, demand: read },
  { path: /^\/tasks(\/|$)/, demand: submit },
];

/** What a request asks for; null: nobody thought of this route, so it is closed but to admins. */
export function ruleFor(method: string, path: string): Rule | null {
  const plain = path.length > 1 ? path.replace(/\/+$/, '') : path;
  return RULES.find((rule) => rule.path.test(plain) && (rule.methods === undefined || rule.methods.includes(method))) ?? null;
}
