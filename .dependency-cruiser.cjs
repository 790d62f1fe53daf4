// Holds the rows of libs (docs/architecture.md): imports point down, every technology has one importer.
const rows = [
  ['domain', 'config', 'telemetry', 'protocol', 'exposition'],
  ['store', 'queue', 'bus', 'executor', 'spool', 'blobs', 'outbound', 'embedded', 'system', 'client'],
  ['jobs', 'agents', 'live', 'access', 'quotas'],
  ['metrics', 'scrape', 'alarms', 'profiles', 'notifications', 'placement'],
  ['dialects'],
];
const path = (names) => `^libs/(${names.join('|')})/`;
const only = (name, packages, importers) => ({
  name: `only-${name}`,
  severity: 'error',
  comment: `${packages.join(', ')} may be imported by ${importers.join(', ')} alone`,
  from: { path: '^(apps|libs)/', pathNot: [...importers.map((i) => `^libs/${i}/`), '\\.test\\.ts$'] },
  to: { path: packages.map((p) => `(^|node_modules/)${p}(/|$)`) },
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
      name: 'dialects-never-import-each-other',
      severity: 'error',
      from: { path: '^apps/api/src/dialects/([^/]+)/' },
      to: { path: '^apps/api/src/dialects/', pathNot: '^apps/api/src/dialects/$1/' },
    },
    {
      name: 'dialects-never-touch-store-or-queue',
      severity: 'error',
      from: { path: '^apps/api/src/dialects/' },
      to: { path: '^libs/(store|queue|bus)/' },
    },
    only('typeorm', ['typeorm'], ['store', 'dialects/[^/]+/src/record']),
    only('bullmq', ['bullmq'], ['queue']),
    only('ioredis', ['ioredis'], ['queue', 'bus']),
    only('prom-client', ['prom-client'], ['telemetry']),
    only('child-process', ['child_process'], ['executor', 'embedded']),
    only('dockerode', ['dockerode'], ['executor']),
    only('nodemailer', ['nodemailer'], ['outbound']),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'dist' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
