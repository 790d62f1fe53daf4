import { ID, AT } from './common.js';

const quotas = {
  waiting_jobs: 1_000_000,
  log_bytes: 1_099_511_627_776,
  artifacts: 10_000_000,
  artifact_bytes: 1_099_511_627_776,
  series: 5_000,
};
const project = {
  name: 'payments',
  usage: { waiting_jobs: 12, log_bytes: 1_048_576, artifacts: 3, artifact_bytes: 4_096, series: 40 },
  quotas,
  own: ['series'],
};

/** Examples of the shapes of sessions, projects and the audit. */
export const accessExamples: Record<string, unknown> = {
  LoginDto: { client_id: 'ada', key: 'the-key-that-was-shown-once' },
  SessionDto: {
    auth: 'oauth2',
    client_id: 'ada',
    role: 'submitter',
    project: 'default',
    abilities: ['read', 'submit'],
    expires_at: AT,
  },
  ProjectDto: project,
  ProjectListDto: { projects: [project] },
  ProjectQuotasDto: { waiting_jobs: 50_000, series: null },
  AuditPageDto: {
    entries: [
      {
        id: '17',
        at: AT,
        actor: 'ci',
        role: 'submitter',
        address: '10.0.0.7',
        action: 'job.cancel',
        kind: 'job',
        object: ID,
        project: 'default',
        before: { state: 'queued' },
        after: { state: 'cancelled' },
      },
    ],
    next: null,
  },
};
