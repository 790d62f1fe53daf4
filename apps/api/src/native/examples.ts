/** An example of each shape, shown in /docs and checked against its schema by a test. */
const ID = '0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55';
const EXECUTION_ID = '0198c0de-8000-7000-8000-5a1f0c2e4b77';
const SHA = '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03';
const AT = '2030-01-31T08:00:00.000Z';
const END = '2030-01-31T08:00:02.250Z';

const submit = {
  queue: 'default',
  name: 'nightly',
  command: 'make test',
  env: { LEVEL: '3' },
  limits: { runtime_s: 600 },
  retry: { max: 2 },
  tags: ['ci'],
  artifacts: ['out/**/*.xml'],
};
const job = {
  id: ID, queue: 'default', name: 'nightly', command: 'make test', image: null, state: 'succeeded', cause: null, cause_detail: null, exit_code: 0, signal: null, owner: 'anonymous', project: 'default',
  dialect: 'native', priority: 0, attempt: 1, losses: 0, node: 'node-1', execution_id: EXECUTION_ID, parent_id: null, depends_on: [], tags: ['ci'], metadata: {}, cron: null, workdir: null,
  resources: {}, limits: { runtime_s: 600 }, retry: { max: 2 }, artifacts: ['out/**/*.xml'], cancel_reason: null, created_at: AT, start_at: null, expires_at: null, queued_at: AT,
  claimed_at: AT, started_at: AT, finished_at: END, cancel_requested_at: null,
};
const execution = {
  id: EXECUTION_ID, job_id: ID, epoch: 1, attempt: 1, node: 'node-1', state: 'ended', phase: null, cause: null, cause_detail: null, exit_code: 0, signal: null, pid: 4711, container_id: null,
  claimed_at: AT, spawned_at: AT, first_byte_at: AT, exited_at: END, finished_at: END, stdout_bytes: 6, stderr_bytes: 0, stdout_sha256: SHA, stderr_sha256: null, log_complete: true, log_dropped: 0,
};
const queue = { name: 'default', paused: false, counts: { scheduled: 0, queued: 3, claimed: 0, running: 4, cancelling: 0 }, oldest_queued_s: 1.5, agents: 1, slots: 4, slots_free: 0, projects: [] };
const agent = {
  id: '0198c0de-9000-7000-8000-000000000001', name: 'node-1', kind: 'worker', state: 'online', blocked_by: null, queues: ['default'], slots: 4, slots_free: 0,
  facts: { hostname: 'node-1', version: '0.1.0', os: 'linux', cpus: 4, memory_mb: 15_900, gpus: [], labels: { zone: 'a' }, executors: ['process', 'container'], isolation: 'none' },
  registered_at: AT, last_seen_at: END, clock_skew_ms: 12,
};
const quotas = { waiting_jobs: 1_000_000, log_bytes: 1_099_511_627_776, artifacts: 10_000_000, artifact_bytes: 1_099_511_627_776, series: 5_000 };
const project = { name: 'payments', usage: { waiting_jobs: 12, log_bytes: 1_048_576, artifacts: 3, artifact_bytes: 4_096, series: 40 }, quotas, own: ['series'] };
const artifact = { path: 'out/report.xml', size: 6, sha256: SHA, content_type: 'application/octet-stream', execution_id: EXECUTION_ID, created_at: END, url: `/api/v1/jobs/${ID}/artifacts/out/report.xml` };
const sample = { execution_id: EXECUTION_ID, at: AT, cpu_percent: 97.5, memory_bytes: 52_428_800, read_bytes: 4_096, write_bytes: 0, cpu_seconds: 1.9, processes: 3, gpu_percent: null, gpu_memory_bytes: null };
const webhook = { id: '0198c0de-a000-7000-8000-000000000002', event: 'job.succeeded', at: END, job };
const delivery = {
  id: webhook.id, kind: 'webhook', event: 'succeeded', target: 'https://ci.example/hook', state: 'delivered', tries: 1, max_tries: 10, created_at: END, next_at: null, done_at: END,
  log: [{ at: END, took_ms: 41, status: 204, error: null, headers: ['date'], body: '' }],
};
const newAlarm = {
  name: 'too much memory', queue: 'default', metric: 'app_memory_bytes', operator: '>', threshold: 8e9, clear_threshold: 7e9, for_s: 30, keep_for_s: 60, severity: 'critical',
  labels: { team: 'storage' }, annotations: { summary: 'It grows.' }, actions: [{ type: 'webhook', url: 'https://alerts.example/hook' }, { type: 'mail', to: ['ops@example.org'] }, { type: 'cancel' }],
};
const alarmState = { alarm_id: ID, name: 'too much memory', entry: ID, state: 'firing', severity: 'critical', active_at: AT, fired_at: END, value: 9e9 };
const alarm = { id: ID, target: null, command: null, no_data: 'ok', group_by: ['alertname'], repeat_s: 14_400, enabled: true, owner: 'anonymous', created_at: AT, updated_at: AT, ...newAlarm, states: [alarmState] };
const transition = { id: '17', alarm_id: ID, name: 'too much memory', entry: ID, from: 'pending', to: 'firing', value: 9e9, silenced: false, at: END };
const newSilence = { matchers: [{ name: 'alertname', value: 'too *', glob: true, equal: true }], ends_at: END, comment: 'maintenance' };
const silence = { id: ID, starts_at: AT, owner: 'anonymous', created_at: AT, ...newSilence };
const profileHead = {
  job: ID, command: './solve -n 4', size: 4, queue: 'default', owner: 'anonymous', node: 'node-1', outcome: 'succeeded', cause: null, exit_code: 0, started_at: AT, finished_at: END,
  summary: { wall_s: 2.25, cpu_seconds: 8.5, peak_memory_bytes: 52_428_800, read_bytes: 4_096, write_bytes: 0, samples: { samples: 2, cpu_percent_mean: 378, cpu_percent_max: 396, memory_bytes_mean: 50_331_648 } },
};
const target = {
  id: ID, address: 'localhost:9100', url: 'http://localhost:9100/metrics', kind: 'prometheus', period_s: 5, job: null, keep: false, health: 'up', failures: 0, last_error: null, last_scrape_at: END,
  last_duration_ms: 12, series: 512, owner: 'anonymous', created_at: AT,
};

export const EXAMPLES: Record<string, unknown> = {
  SubmitJobDto: submit,
  SubmitBatchDto: { jobs: [submit, { command: ['echo', 'hello'] }] },
  CancelJobDto: { reason: 'not needed any more' },
  JobDto: job,
  JobDetailDto: { ...job, env: { LEVEL: '3' }, stdin: null, payload: {}, webhooks: [] },
  JobListDto: { jobs: [job], next: 'czEyMw' },
  BatchAcceptedDto: { ids: [ID], count: 1 },
  WebhookPayloadDto: webhook,
  DeliveryDto: delivery,
  DeliveryListDto: { deliveries: [delivery] },
  ExecutionDto: execution,
  ExecutionListDto: { executions: [execution] },
  ResultDto: { id: ID, state: 'succeeded', cause: null, cause_detail: null, exit_code: 0, signal: null, attempt: 1, node: 'node-1', started_at: AT, finished_at: END, duration_s: 2.25, execution, artifacts: 1 },
  ExplanationDto: {
    job_id: ID, state: 'queued', summary: 'The job is queued: The queue default is paused.',
    reasons: [{ code: 'queue_paused', message: 'The queue default is paused.', remedy: 'Resume it: POST /api/v1/queues/default/resume.' }],
  },
  SampleListDto: { samples: [sample] },
  LogVerificationDto: {
    execution_id: EXECUTION_ID, complete: true, verified: true,
    streams: [{ stream: 'stdout', bytes: 6, sha256: SHA, expected_sha256: SHA, intact: true, matches: true }],
  },
  ArtifactListDto: { artifacts: [artifact] },
  QueueDto: queue,
  QueueListDto: { queues: [queue] },
  QueueProjectsDto: { projects: ['payments'] },
  ProjectDto: project,
  ProjectListDto: { projects: [project] },
  ProjectQuotasDto: { waiting_jobs: 50_000, series: null },
  AuditPageDto: {
    entries: [
      {
        id: '17', at: AT, actor: 'ci', role: 'submitter', address: '10.0.0.7', action: 'job.cancel', kind: 'job', object: ID, project: 'default',
        before: { state: 'queued' }, after: { state: 'cancelled' },
      },
    ],
    next: null,
  },
  AgentDto: agent,
  AgentListDto: { agents: [agent] },
  AlarmDto: newAlarm,
  AlarmViewDto: alarm,
  AlarmListDto: { alarms: [alarm] },
  AlarmStateListDto: { states: [alarmState] },
  AlarmHistoryDto: { transitions: [transition], next: null },
  SilenceDto: newSilence,
  SilenceViewDto: silence,
  SilenceListDto: { silences: [silence] },
  ProfileListDto: { profiles: [profileHead], next: null },
  ProfileDto: {
    ...profileHead,
    metrics: [{ name: 'app_iterations_total', doc: 'iterations done', type: 'counter', value: 30 }, { name: 'proxy_cpu_total', doc: 'Number of tracked CPUs by individual proxies', type: 'gauge', value: 4, min: 4, max: 4, hits: 1 }],
  },
  ComparisonDto: { job: profileHead, with: ['0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c44'], figures: [{ name: 'wall_s', with: 1.5, job: 2.25, ratio: 1.5 }] },
  ScrapeTargetDto: { address: 'localhost:9100', period_s: 5, keep: true },
  ScrapeTargetViewDto: target,
  ScrapeTargetListDto: { targets: [target] },
  LimitsViewDto: {
    body_bytes: 8_388_608, batch_body_bytes: 33_554_432, batch_jobs: 10_000, queue_name_length: 200, name_length: 1_000, command_bytes: 1_048_576, stdin_bytes: 1_048_576, env_bytes: 524_288,
    payload_bytes: 4_194_304, json_depth: 64, tags: 100, tag_length: 200, depends_on: 1_000, artifacts: 100, webhooks: 20, priority_min: -1_000_000, priority_max: 1_000_000, retry_max: 1_000,
    page_jobs: 1_000, agent_lease_s: 10,
  },
};
