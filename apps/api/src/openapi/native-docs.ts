import { problemDocs, shapes, type BodyDocs, type DialectDocs, type ParameterDocs, type RouteDocs } from '@drover/http';
import { NATIVE_PARAMETERS } from './native-parameters.js';

const { inPath } = shapes;

const ALARM = inPath('The id of an alarm, as the list gives it', '0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1a01');
const SILENCE = inPath('The id of a silence, as the list gives it', '0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1a02');
const ACTION = inPath('The id of a bulk action, as its answer gave it', '0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1a03');
const TARGET = inPath('The id of a scrape target, as the list gives it', '0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1a04');
const QUEUE = inPath('The name of a queue', 'default');
const AGENT = inPath('The name of an agent', 'node-1');
const INVITATION = inPath('The id of an invitation, as the list gives it', '0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1a05');
const NODE = inPath('The name of an enrolled node', 'rack-7');
const PROJECT = inPath('The name of a project', 'default');
const OLDEST = shapes.query('The event to go on after', '0');
const PROFILE = inPath('The id of the job, percent-encoded', '0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55');

const named = (id: string, parameters?: Record<string, ParameterDocs>, more: Partial<RouteDocs> = {}): RouteDocs => ({
  id,
  ...(parameters ? { parameters } : {}),
  ...more,
});

/** The native API's part of the document: names of its operations, and the parameters of paths. */
export const nativeDocs: DialectDocs = {
  title: 'Drover',
  description: 'The native API.',
  tag: 'jobs',
  refusal: (status) => {
    const [type, body] = Object.entries(problemDocs(status).content)[0] as [string, BodyDocs];
    return { ...body, type };
  },
  parameters: NATIVE_PARAMETERS,
  routes: {
    'SilencesController.list': named('listSilences'),
    'SilencesController.create': named('createSilence'),
    'SilencesController.end': named('endSilence', { id: SILENCE }),
    'BacktestController.run': named('backtestAlarm'),
    'AlarmsController.list': named('listAlarms'),
    'AlarmsController.create': named('createAlarm'),
    'AlarmsController.active': named('listActiveAlarms'),
    'AlarmsController.firings': named('listAlarmFirings', { alarm: shapes.query('The id of an alarm', ALARM.example) }),
    'AlarmsController.history': named('listAlarmHistory', { alarm: shapes.query('The id of an alarm', ALARM.example) }),
    'AlarmsController.get': named('getAlarm', { id: ALARM }),
    'AlarmsController.replace': named('replaceAlarm', { id: ALARM }),
    'AlarmsController.delete': named('deleteAlarm', { id: ALARM }),
    'ProfilesController.list': named('listProfiles'),
    'ProfilesController.compare': named('compareProfiles'),
    'ProfilesController.over': named('compareCurves'),
    'ProfilesController.get': named('getProfile', { job: PROFILE }),
    'ProfilesController.delete': named('deleteProfile', { job: PROFILE }),
    'ScrapeTargetsController.list': named('listScrapeTargets'),
    'ScrapeTargetsController.create': named('createScrapeTarget'),
    'ScrapeTargetsController.get': named('getScrapeTarget', { id: TARGET }),
    'ScrapeTargetsController.delete': named('deleteScrapeTarget', { id: TARGET }),
    'DiscoveryController.nodes': named('discoverNodes'),
    'DiscoveryController.jobs': named('discoverJobs'),
    'OverviewController.get': named('getOverview'),
    'OverviewController.stream': named('followOverview'),
    'TimelineController.get': named('getTimeline'),
    'BulkActionsController.ask': named('createBulkAction'),
    'BulkActionsController.list': named('listBulkActions'),
    'BulkActionsController.preview': named('previewBulkAction'),
    'BulkActionsController.get': named('getBulkAction', { id: ACTION }),
    'BulkActionsController.cancel': named('cancelBulkAction', { id: ACTION }),
    'JobsController.submit': named('submitJob'),
    'JobsController.list': named('listJobs'),
    'JobsController.batch': named('submitJobs'),
    'JobsController.count': named('countJobs'),
    'JobsController.get': named('getJob'),
    'JobsController.delete': named('deleteJob'),
    'JobsController.cancel': named('cancelJob'),
    'JobsController.pin': named('pinJob'),
    'JobsController.unpin': named('unpinJob'),
    'JobsController.retry': named('retryJob'),
    'JobDetailsController.executions': named('listExecutions'),
    'JobDetailsController.result': named('getResult'),
    'JobDetailsController.explain': named('explainJob'),
    'JobDetailsController.phases': named('getPhases'),
    'JobDetailsController.runs': named('getRuns'),
    'JobDetailsController.metrics': named('getJobMetrics'),
    'JobDetailsController.ownCounters': named('getJobCounters'),
    'DeliveriesController.list': named('listDeliveries'),
    'FamiliesController.list': named('listFamilies'),
    'FamiliesController.children': named('listChildren'),
    'FilterValuesController.list': named('listFilterValues'),
    'LogsController.logs': named('getLogs'),
    'LogsController.verify': named('verifyLogs'),
    'LogLinesController.lines': named('getLogLines', {
      from: shapes.query('The first line, from 1', 1),
      at: shapes.query('The time of the first line', '2026-01-31T08:00:00Z'),
    }),
    'LogLinesController.index': named('getLogIndex'),
    'LogSearchController.search': named('searchLogs', {
      // One of q, regex and preset has to be there.
      q: shapes.query('A part of a line', 'hello', { filledIn: true }),
      from: shapes.query('The first line, from 1', 1),
      'Last-Event-ID': {
        in: 'header',
        description: 'Goes on after this event',
        example: '0198c0de-8000-7000-8000-5a1f0c2e4b77.l0',
      },
    }),
    'ArtifactsController.list': named('listArtifacts'),
    'ArtifactsController.download': named('downloadArtifact', {
      path: inPath('As the list gives it', 'out/report.xml'),
    }),
    'EventsController.all': named('followEvents', { after: OLDEST }),
    'EventsController.ofJob': named('followJob', { after: OLDEST }),
    'QueuesController.list': named('listQueues'),
    'QueuesController.get': named('getQueue', { name: QUEUE }),
    'QueuesController.pause': named('pauseQueue', { name: QUEUE }),
    'QueuesController.resume': named('resumeQueue', { name: QUEUE }),
    'QueuesController.reserve': named('reserveQueue', { name: QUEUE }),
    'AgentsController.list': named('listAgents'),
    'AgentsController.get': named('getAgent', { name: AGENT }),
    'AgentsController.drain': named('drainAgent', { name: AGENT }),
    'AgentsController.undrain': named('undrainAgent', { name: AGENT }),
    'NodesController.invite': named('inviteNode'),
    'NodesController.invitations': named('listInvitations'),
    'NodesController.revokeInvitation': named('revokeInvitation', { id: INVITATION }),
    'NodesController.enrol': named('enrolNode'),
    'NodesController.list': named('listEnrolledNodes'),
    'NodesController.revoke': named('revokeNode', { name: NODE }),
    'LimitsController.limits': named('getLimits'),
    'AuditController.list': named('listAudit'),
    'ProjectsController.list': named('listProjects'),
    'ProjectsController.get': named('getQuotas', { name: PROJECT }),
    'ProjectsController.set': named('setQuotas', { name: PROJECT }),
    'SessionController.get': named('getSession'),
    'SessionController.open': named('openSession'),
    'SessionController.end': named('endSession'),
    'HealthController.live': named('isAlive'),
    'HealthController.ready': named('isReady'),
    'MetricsController.metrics': named('getMetrics', { job: shapes.query('An entry', 'main') }),
  },
};
