import { shapes, type AnswerDocs, type DialectDocs, type RouteDocs } from '@drover/http';

const { eitherOf, fields, flag, json, listOf, mapOf, number, orNull, plain, query, shape, text, whole, words } = shapes;

const JOB_ID = '0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55';
const done = (operation: string): AnswerDocs =>
  json('Done', shape('MetricProxyEnvelope'), { operation, success: true });
const needs = (description: string, example: string) => query(description, example, { required: true });

const KEY = needs('The name of the counter', 'web_total');
const VALUE = query('A number', '2.5', { required: true });
const counter = (id: string, operation: string, what: string): RouteDocs => ({
  id,
  description: `${what} The counter belongs to the sum of everything, \`main\`. POST with \`key\` and the other field in a JSON body does the same.`,
  told: { method: 'get' },
  answers: { 200: done(operation) },
  errors: [400, 503],
});

/** The metric proxy's part of the OpenAPI document. */
export const metricProxyDocs: DialectDocs = {
  title: 'The metric proxy, as Drover speaks it',
  description:
    'Counters of programs, metrics of nodes and of joined exporters, summed up for each job, each node and everything; alarms on them; profiles of what has ended. Actions and refusals answer `{operation, success}`. Doubled slashes and one at the end change nothing.',
  tag: 'metric proxy',
  refusal: () => ({ schema: shape('MetricProxyEnvelope'), example: { operation: 'No such Job ID', success: false } }),
  schemas: {
    MetricProxyEnvelope: fields({
      operation: text('The action, or why it was refused'),
      success: flag(),
    }),
    MetricProxyDesc: fields({
      jobid: text('The id of a job; `main`: the sum of everything; `Node: …`: the sum of a node'),
      command: text(),
      size: number('Processes'),
      nodelist: text(),
      partition: text(),
      cluster: text(),
      run_dir: text(),
      start_time: number('Unix seconds; 0: not known'),
      end_time: number('Unix seconds; 0: not known'),
    }),
    MetricProxySeries: fields({
      name: text(),
      doc: text(),
      ctype: eitherOf(
        fields({ Counter: fields({ 'ts?': number(), value: orNull(number()) }) }),
        fields({
          Gauge: fields({
            min: orNull(number()),
            max: orNull(number()),
            hits: orNull(number()),
            total: orNull(number()),
          }),
        }),
      ),
    }),
    MetricProxyEntry: fields({ desc: shape('MetricProxyDesc'), counters: listOf(shape('MetricProxySeries')) }),
    MetricProxyAlarms: mapOf(
      listOf(
        fields({
          name: text(),
          metric: text(),
          operator: mapOf(number(), '`More`, `Less` or `Equal`, and the threshold'),
          current: orNull(number()),
          active: flag(),
          pretty: text('The alarm as a sentence'),
        }),
      ),
      'Alarms by entry',
    ),
    MetricProxyNewAlarm: fields({
      name: text(),
      target: text('An entry'),
      metric: text(),
      operation: words(['>', '<', '=']),
      value: number(),
    }),
    MetricProxyTarget: fields({
      target_url: text(),
      ttype: words(['Proxy', 'Prometheus', 'System']),
      period: number('Seconds'),
      last_scrape: whole('Unix seconds; 0: never'),
    }),
  },
  routes: {
    'MetricProxyAlarmsController.raised': {
      id: 'metricProxyListRaisedAlarms',
      description: 'Each entry is there, also without an alarm.',
      answers: { 200: json('The alarms', shape('MetricProxyAlarms'), { main: [] }) },
      errors: [503],
    },
    'MetricProxyAlarmsController.list': {
      id: 'metricProxyListAlarms',
      description: 'Each entry is there, also without an alarm.',
      answers: { 200: json('The alarms', shape('MetricProxyAlarms'), { main: [] }) },
      errors: [503],
    },
    'MetricProxyAlarmsController.add': {
      id: 'metricProxyAddAlarm',
      description: 'The entry and its metric have to exist.',
      body: {
        schema: shape('MetricProxyNewAlarm'),
        example: { name: 'too many', target: 'main', metric: 'web_total', operation: '>', value: 33 },
      },
      answers: { 200: done('alarm registered') },
      errors: [400, 503],
    },
    'MetricProxyAlarmsController.del': {
      id: 'metricProxyDeleteAlarm',
      description: 'POST with `target` and `name` in a JSON body does the same.',
      told: { method: 'get', path: '/alarms/del' },
      parameters: { targetjob: needs('An entry', 'main'), name: needs('The name of the alarm', 'too many') },
      answers: { 200: done('Deleted too many from main') },
      errors: [400, 503],
    },
    'MetricProxyJobsController.list': {
      id: 'metricProxyListJobs',
      description: 'The first entry is the sum of everything.',
      answers: { 200: json('The entries', listOf(shape('MetricProxyDesc'))) },
      errors: [503],
    },
    'MetricProxyJobsController.jobs': {
      id: 'metricProxyGetJobs',
      summary: 'Shows all entries with all their counters, or one of them',
      description: 'With `job` it is one entry instead of a list.',
      parameters: { job: query('An entry', 'main') },
      answers: {
        200: json('The entries', eitherOf(listOf(shape('MetricProxyEntry')), shape('MetricProxyEntry'))),
      },
      errors: [400, 503],
    },
    'MetricProxyJoinsController.list': {
      id: 'metricProxyListTargets',
      description: 'The last one is the system of this machine.',
      answers: { 200: json('The targets', listOf(shape('MetricProxyTarget'))) },
      errors: [503],
    },
    'MetricProxyJoinsController.join': {
      id: 'metricProxyJoin',
      description: 'An exporter of Prometheus or another proxy.',
      parameters: {
        to: needs('host:port', 'localhost:9100'),
        period: query('Milliseconds between two scrapes', '5000'),
      },
      answers: { 200: done('Added localhost:9100 for scraping') },
      errors: [400, 503],
    },
    'MetricProxyJoinsController.multiple': {
      id: 'metricProxyJoinMultiple',
      description: 'Targets are separated by an encoded `&`, and so are their periods. At most 100.',
      parameters: {
        to: needs('host:port, several', 'localhost:9100&localhost:9101'),
        period: query('Milliseconds, one for each target', '5000&10000'),
      },
      answers: { 200: done('Added localhost:9100, localhost:9101 for scraping') },
      errors: [400, 503],
    },
    'MetricProxyProfilesController.list': {
      id: 'metricProxyListProfiles',
      description: 'Oldest first, and no more than the newest that `DROVER_PROFILES_LISTED` says.',
      answers: { 200: json('The jobs', listOf(shape('MetricProxyDesc'))) },
      errors: [503],
    },
    'MetricProxyProfilesController.perCommand': {
      id: 'metricProxyListProfilesByCommand',
      description: 'Each command has the list of its jobs.',
      answers: { 200: json('The jobs', mapOf(listOf(shape('MetricProxyDesc')))) },
      errors: [503],
    },
    'MetricProxyProfilesController.get': {
      id: 'metricProxyGetProfile',
      description: 'The last value of each of its counters.',
      parameters: { jobid: needs('The id of a finished job', JOB_ID) },
      answers: { 200: json('The profile', shape('MetricProxyEntry')) },
      errors: [400, 503],
    },
    'MetricProxyProfilesController.points': {
      id: 'metricProxyGetPoints',
      description: 'For each metric a list of `[size, value]`, over all profiles of the command of this job.',
      parameters: { jobid: needs('The id of a finished job', JOB_ID) },
      answers: {
        200: json('The points', mapOf(listOf(listOf(number()))), { walltime: [[4, 2.25]] }),
      },
      errors: [400, 503],
    },
    'MetricProxyProfilesController.extrap': {
      id: 'metricProxyGetExtraP',
      summary: 'Shows the metrics of the profiles of one command as input of Extra-P',
      description: 'One JSON object a line.',
      parameters: { jobid: needs('The id of a finished job', JOB_ID) },
      answers: {
        200: plain('The lines', '{"params":{"size":4},"metric":"walltime","callpath":"./solve","value":2.25}\n'),
      },
      errors: [400, 503],
    },
    'MetricProxyPushController.push': {
      ...counter('metricProxyDeclareCounter', 'push', 'A counter that is declared already stays as it is.'),
      parameters: { key: KEY, doc: query('What it counts', 'pushed by hand') },
    },
    'MetricProxyPushController.accumulate': {
      ...counter('metricProxyAddToCounter', 'inc', 'The counter has to be declared.'),
      parameters: { key: KEY, value: VALUE },
    },
    'MetricProxyPushController.set': {
      ...counter('metricProxySetCounter', 'set', 'The counter has to be declared.'),
      parameters: { key: KEY, value: VALUE },
    },
    'MetricProxyTreeController.topo': {
      id: 'metricProxyGetTree',
      description: 'A proxy without children is a pair with itself.',
      answers: { 200: json('The pairs', listOf(listOf(text())), [['localhost:8080', 'localhost:8080']]) },
      errors: [503],
    },
    'MetricProxyTreeController.pivot': {
      id: 'metricProxyPlaceChild',
      description: 'The answer names the proxy that the child is to join.',
      parameters: { from: needs('The host:port of the child', 'localhost:9101') },
      answers: { 200: done('localhost:8080') },
      errors: [400, 503],
    },
    'MetricProxyTreeController.period': {
      id: 'metricProxyGetPeriod',
      description: 'The number stands in `operation`.',
      answers: { 200: done('5000') },
      errors: [503],
    },
    'MetricProxyTreeController.disconnect': {
      id: 'metricProxyDisconnect',
      description: 'The values that it gave stay in the sums.',
      parameters: { target: needs('The host:port of a joined target', 'localhost:9100') },
      answers: { 200: done('Removed localhost:9100') },
      errors: [400, 503],
    },
    'MetricProxyTreeController.remove': {
      id: 'metricProxyRemoveDeadChild',
      description: 'The parent has to be in the tree.',
      parameters: {
        from: needs('The host:port of the parent', 'localhost:8080'),
        target: needs('The host:port of the child', 'localhost:9101'),
      },
      answers: { 200: done('Unresponsive node removed!') },
      errors: [400, 503],
    },
    'MetricProxyTreeController.leave': {
      id: 'metricProxyLeave',
      description: 'It is scraped no more. A proxy that is not in the tree changes nothing.',
      parameters: { from: needs('The host:port of the child', 'localhost:9101') },
      answers: { 200: done('Node localhost:9101 left') },
      errors: [400, 503],
    },
  },
};
