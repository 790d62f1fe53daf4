import { createHash } from 'node:crypto';
import {
  blockOf,
  clockSkewOf,
  diskOf,
  loadOf,
  invalid,
  isTooOld,
  maskedEnv,
  protocolOf,
  TERMINAL_STATES,
  type Agent,
  type Artifact,
  type FieldFault,
  type JobEvent,
  type JobSpec,
  type Sample,
  type Submission,
} from '@drover/domain';
import type { QueueView } from '@drover/jobs';
import type { StoredExecution, StoredJob } from '@drover/store';
import type { ExecutionDto, JobDetailDto, JobDto, ResultDto, SampleDto } from './dto/job.dto.js';
import type { SubmitJobDto } from './dto/submit-job.dto.js';
import type { AgentDto, ArtifactDto, EventDto, QueueDto } from './dto/views.dto.js';

/**
 * The core's submission of a checked body. Throws `invalid` for fields that do not go together; `prefix` goes before
 * their names.
 */
export function toSubmission(dto: SubmitJobDto, owner: string, prefix = '', now = Date.now()): Submission {
  const faults: FieldFault[] = [];
  const fault = (field: string, message: string): void => void faults.push({ field: prefix + field, message });
  if (dto.command == null) {
    if (dto.image != null) fault('command', 'must be given with an image: what is to run in the container');
    else if (dto.payload == null)
      fault(
        'command',
        'is missing; give a text for /bin/sh -c or a list of arguments (only a job with a payload, for an HTTP-pull agent, goes without)',
      );
  }
  const startAt = dto.start_at == null ? null : new Date(dto.start_at);
  const expiresAt = dto.expires_at == null ? null : new Date(dto.expires_at);
  if (expiresAt && expiresAt.getTime() <= now) fault('expires_at', 'lies in the past; give a time to come');
  else if (expiresAt && startAt && expiresAt <= startAt) fault('expires_at', 'must be after start_at');
  if (faults.length > 0) throw invalid(faults);
  return {
    ...(dto.id == null ? {} : { id: dto.id }),
    queue: dto.queue ?? 'default',
    name: dto.name ?? null,
    owner,
    dialect: 'native',
    dispatch: dto.command == null ? 'pull' : 'ticket',
    spec: specOf(dto),
    payload: dto.payload ?? {},
    tags: dto.tags ? [...new Set(dto.tags)] : [],
    metadata: dto.metadata ?? {},
    priority: dto.priority ?? 0,
    start_at: startAt,
    expires_at: expiresAt,
    pinned: dto.pinned ?? false,
    cron:
      dto.cron == null
        ? null
        : typeof dto.cron === 'string'
          ? { pattern: dto.cron, timezone: 'UTC' }
          : { pattern: dto.cron.pattern, timezone: dto.cron.timezone ?? 'UTC' },
    depends_on: dto.depends_on ?? [],
    parent_id: dto.parent_id ?? null,
  };
}

function specOf(dto: SubmitJobDto): JobSpec {
  const spec: JobSpec = { command: dto.command ?? null };
  if (dto.image != null) spec.container = { image: dto.image };
  if (dto.env != null) spec.env = dto.env;
  if (dto.workdir != null) spec.workdir = dto.workdir;
  if (dto.stdin != null) spec.stdin = dto.stdin;
  if (dto.resources != null) spec.resources = withoutNulls(dto.resources);
  if (dto.limits != null) spec.limits = withoutNulls(dto.limits);
  if (dto.retry != null) spec.retry = withoutNulls(dto.retry);
  if (dto.artifacts != null) spec.artifacts = dto.artifacts;
  if (dto.keep_workdir != null) spec.keep_workdir = dto.keep_workdir;
  if (dto.webhooks != null)
    spec.webhooks = dto.webhooks.map(({ url, on, secret, format }) => ({
      url,
      on: on ?? [...TERMINAL_STATES],
      ...(secret == null ? {} : { secret }),
      ...(format == null || format === 'json' ? {} : { format }),
    }));
  return spec;
}

function withoutNulls<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value != null)) as T;
}

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

/** Columns that no list and no event shows. The compiler wants each column here or in JobDto. */
type Hidden =
  | 'spec'
  | 'payload'
  | 'dispatch'
  | 'dispatch_seq'
  | 'epoch'
  | 'pending_dependencies'
  | 'updated_at'
  | 'seq'
  | 'agent_id'
  | 'held'
  | 'claimed_by';
/** Times are texts in JSON. */
type Times = { [K in keyof StoredJob]: Date extends StoredJob[K] ? K : never }[keyof StoredJob];
type Same = Omit<StoredJob, Hidden | Times>;
/** A column that is neither shown nor hidden: with one, no caller of `fromJob` compiles. */
type Undecided = Exclude<keyof Same, keyof JobDto>;

/** A job as lists and events show it. */
export function fromJob(job: [Undecided] extends [never] ? StoredJob : Undecided): JobDto {
  const {
    spec,
    payload: _payload,
    dispatch: _dispatch,
    dispatch_seq: _dispatchSeq,
    epoch: _epoch,
    pending_dependencies: _pending,
    updated_at: _updatedAt,
    seq: _seq,
    agent_id: _agentId,
    held: _held,
    claimed_by: _claimedBy,
    ...shown
  } = job;
  return {
    ...shown,
    command: spec.command,
    image: spec.container?.image ?? null,
    workdir: spec.workdir ?? null,
    resources: spec.resources ?? {},
    limits: spec.limits ?? {},
    retry: spec.retry ?? null,
    artifacts: spec.artifacts ?? [],
    created_at: job.created_at.toISOString(),
    start_at: iso(job.start_at),
    expires_at: iso(job.expires_at),
    queued_at: iso(job.queued_at),
    claimed_at: iso(job.claimed_at),
    started_at: iso(job.started_at),
    finished_at: iso(job.finished_at),
    cancel_requested_at: iso(job.cancel_requested_at),
  };
}

export function detailOf(job: StoredJob): JobDetailDto {
  return {
    ...fromJob(job),
    env: maskedEnv(job.spec.env ?? {}),
    stdin: job.spec.stdin ?? null,
    payload: job.payload,
    webhooks: (job.spec.webhooks ?? []).map(({ url, on, secret, format }) => ({
      url,
      on,
      signed: secret !== undefined,
      format: format ?? 'json',
    })),
    keep_workdir: job.spec.keep_workdir ?? false,
  };
}

export function fromExecution(execution: StoredExecution): ExecutionDto {
  return {
    id: execution.id,
    job_id: execution.job_id,
    epoch: execution.epoch,
    attempt: execution.attempt,
    node: execution.node,
    state: execution.state,
    phase: execution.phase,
    cause: execution.cause,
    cause_detail: execution.cause_detail,
    exit_code: execution.exit_code,
    signal: execution.signal,
    pid: execution.pid,
    container_id: execution.container_id,
    claimed_at: execution.claimed_at.toISOString(),
    spawned_at: iso(execution.spawned_at),
    first_byte_at: iso(execution.first_byte_at),
    exited_at: iso(execution.exited_at),
    finished_at: iso(execution.finished_at),
    stdout_bytes: execution.stdout_bytes,
    stderr_bytes: execution.stderr_bytes,
    stdout_sha256: execution.stdout_sha256,
    stderr_sha256: execution.stderr_sha256,
    log_complete: execution.log_complete,
    log_dropped: execution.log_dropped,
  };
}

export function resultOf(job: StoredJob, execution: StoredExecution | null, artifacts: number): ResultDto {
  return {
    id: job.id,
    state: job.state,
    cause: job.cause,
    cause_detail: job.cause_detail,
    exit_code: job.exit_code,
    signal: job.signal,
    attempt: job.attempt,
    node: job.node,
    started_at: iso(job.started_at),
    finished_at: iso(job.finished_at),
    duration_s:
      job.started_at && job.finished_at
        ? Math.max(0, (job.finished_at.getTime() - job.started_at.getTime()) / 1000)
        : null,
    execution: execution ? fromExecution(execution) : null,
    artifacts,
  };
}

export function fromSample({ job_id: _, gpu_devices: __, at, ...sample }: Sample): SampleDto {
  return { ...sample, at: at.toISOString() };
}

export function fromArtifact(artifact: Artifact): ArtifactDto {
  const { path, size, sha256, content_type, execution_id, created_at, job_id } = artifact;
  const url = `/api/v1/jobs/${job_id}/artifacts/${path.split('/').map(encodeURIComponent).join('/')}`;
  return { path, size, sha256, content_type, execution_id, created_at: created_at.toISOString(), url };
}

export function fromQueue(queue: QueueView, projects: string[] = []): QueueDto {
  const { name, paused, pause, counts, oldest_queued_s, agents_online: agents, slots, slots_free } = queue;
  return {
    name,
    paused,
    pause: pause && { ...pause, since: pause.since.toISOString() },
    counts,
    oldest_queued_s,
    agents,
    slots,
    slots_free,
    projects,
  };
}

export function fromAgent(agent: Agent): AgentDto {
  const { id, name, kind, state, queues, slots, slots_free, facts, registered_at, last_seen_at } = agent;
  return {
    id,
    name,
    kind,
    state,
    blocked_by: blockOf(agent),
    queues,
    slots,
    slots_free,
    facts,
    cpu_load: loadOf(agent),
    disk: diskOf(agent),
    clock_skew_ms: clockSkewOf(agent),
    protocol: protocolOf(agent),
    too_old: isTooOld(agent),
    registered_at: registered_at.toISOString(),
    last_seen_at: last_seen_at.toISOString(),
  };
}

export function fromEvent({ id, job_id, queue, type, at, data }: JobEvent): EventDto {
  return { id, job_id, queue, type, at: at.toISOString(), data };
}

/** The same for the same JSON, whatever the order of its keys. The body was checked: it is not deep. */
export function bodyHash(body: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(body)))
    .digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => [key, sorted(inner)]);
}
