/** Tags of the native API, in the order of /docs. Those of dialects follow by name. */
export const NATIVE_TAGS: readonly [string, string][] = [
  ['jobs', 'Submit, watch and control jobs'],
  ['bulk actions', 'Change many jobs at once, by a filter or by their ids'],
  ['logs', 'The output of jobs, stored and live'],
  ['events', 'Events of jobs, live'],
  ['overview', 'Queues, nodes and what waits for somebody, on one page'],
  ['timeline', 'What ran where and when'],
  ['queues', 'Lines of waiting jobs'],
  ['agents', 'The agents that run jobs'],
  ['nodes', 'Machines that are added: invitations, and who came'],
  ['alarms', 'Rules over metrics, their states and their silences'],
  ['profiles', 'Figures of finished jobs, to compare with'],
  ['scrape targets', 'Exporters and other brokers whose metrics are fetched'],
  ['service discovery', 'Targets for Prometheus, as its `http_sd_configs` reads them'],
  ['projects', 'Projects: their use and their quotas'],
  ['session', 'Logins of browsers, and who sends a request'],
  ['operations', 'Health, metrics, limits, the audit trail'],
];
