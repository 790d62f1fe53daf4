import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsOptional, IsString, Length, Matches } from 'class-validator';
import { AGENT_BLOCKS, AGENT_STATES, STREAMS, type AgentBlock, type AgentState, type Stream } from '@drover/domain';

export class StreamVerdictDto {
  @ApiProperty({ enum: STREAMS, enumName: 'Stream' })
  stream: Stream;
  /** Stored bytes. */
  bytes: number;
  /** The SHA-256 of the stored bytes, hexadecimal. */
  sha256: string;
  /** The hash that the agent reported at the end; null before. */
  expected_sha256: string | null;
  /** No gap, no overlap, every piece readable. */
  intact: boolean;
  /** Stored and reported agree; null before the end. */
  matches: boolean | null;
  /** The fault, in a sentence. */
  problem?: string;
}

/** The stored log, read again and compared. */
export class LogVerificationDto {
  execution_id: string;
  /** Every byte the agent says the job wrote is stored. Null before the end. */
  complete: boolean | null;
  /** Both streams are intact and match. Null before the end. */
  verified: boolean | null;
  streams: StreamVerdictDto[];
}

export class ArtifactDto {
  /** Relative to the job's working directory. */
  path: string;
  size: number;
  /** Hex. */
  sha256: string;
  content_type: string;
  execution_id: string | null;
  @ApiProperty({ type: 'string', format: 'date-time' })
  created_at: string;
  /** Where it is downloaded, relative to the API. */
  url: string;
}

export class ArtifactListDto {
  artifacts: ArtifactDto[];
}

/** How many jobs of a queue are in each state they can still leave. */
export class LiveCountsDto {
  scheduled: number;
  queued: number;
  claimed: number;
  running: number;
  cancelling: number;
}

/** A pause of a queue. */
export class PauseDto {
  @ApiProperty({ type: 'string', format: 'date-time' })
  since: string;
  /** The client that paused it. */
  by: string;
  /** Why, as that client said it. */
  reason: string | null;
}

/** Asks for a pause of a queue. */
export class PauseQueueDto {
  /** Why, for people who wonder. */
  @IsOptional()
  @IsString()
  @Length(1, 1_000)
  reason?: string;
}

/** A line of waiting jobs, as the record, its jobs and its agents show it. */
export class QueueDto {
  name: string;
  /** Nothing of it starts. */
  paused: boolean;
  /** The pause, with who asked for it and why. Null: it is not paused, or nothing is known. */
  pause: PauseDto | null;
  counts: LiveCountsDto;
  /** Seconds the oldest queued job has waited; null: none waits. */
  oldest_queued_s: number | null;
  /** Agents online that serve it. */
  agents: number;
  /** Slots of those agents together; they may serve other queues, too. */
  slots: number;
  slots_free: number;
  /** The only projects that may submit to it, by name. Empty: every project may. */
  projects: string[];
}

/** The projects a queue is kept for. */
export class QueueProjectsDto {
  /** None: the queue is open to every project again. */
  @IsArray()
  @ArrayMaxSize(100)
  @Matches(/^[A-Za-z0-9][\w.-]{0,62}$/, {
    each: true,
    message: 'must hold names of 1 to 63 letters, digits, ".", "_" and "-"',
  })
  projects: string[];
}

export class QueueListDto {
  /** All of them, in the order of their names. */
  queues: QueueDto[];
}

export class GpuDto {
  index: number;
  name: string;
  uuid: string;
}

/** The equipment of a node, as its agent found it. */
export class NodeFactsDto {
  hostname: string;
  /** The version of the agent program. */
  version: string;
  os: string;
  cpus: number;
  memory_mb: number;
  gpus: GpuDto[];
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  labels: Record<string, string>;
  /** process, container. */
  executors: string[];
  /** Why containers cannot be run there. */
  container_problem?: string;
  /** Why processes are not limited by a cgroup of their own there, and what holds their limits instead. */
  cgroup_problem?: string;
  /** How far jobs that are processes are kept from the node and from each other: none, user, namespace. */
  isolation?: string;
  /** Where the worker serves metrics about itself, `host:port`; absent: nowhere. */
  metrics_address?: string;
}

/** A process that runs jobs. */
/** The disk of a node's data folder. */
export class NodeDiskDto {
  free_bytes: number;
  total_bytes: number;
}

export class AgentDto {
  id: string;
  name: string;
  /** worker: Drover's own daemon. pull: an HTTP-pull agent of a dialect. */
  @ApiProperty({ enum: ['worker', 'pull'] })
  kind: 'worker' | 'pull';
  @ApiProperty({ enum: AGENT_STATES, enumName: 'AgentState' })
  state: AgentState;
  /**
   * Why it takes no work at the moment, although it is online; null: it takes work. disk_full: until there is room on
   * the disk of its data folder.
   */
  @ApiProperty({ enum: AGENT_BLOCKS, enumName: 'AgentBlock', nullable: true, example: 'disk_full' })
  blocked_by: AgentBlock | null;
  queues: string[];
  slots: number;
  slots_free: number;
  facts: NodeFactsDto | null;
  /** Processes of its node that ran or wanted to, mean of the last minute; null: not known, or it is offline. */
  @ApiProperty({ type: 'number', nullable: true, example: 1.25 })
  cpu_load: number | null;
  /** The disk of its data folder at the last heartbeat; null: not known. */
  @ApiProperty({ type: () => NodeDiskDto, nullable: true })
  disk: NodeDiskDto | null;
  /**
   * How far the clock of its node is ahead of the API's, milliseconds, measured at each heartbeat; null: not known.
   * Jobs start by the broker's clock.
   */
  @ApiProperty({ type: 'integer', nullable: true, example: -3_600_000 })
  clock_skew_ms: number | null;
  /** The version of the agent protocol that it registered with; null: an HTTP-pull agent of a dialect. */
  @ApiProperty({ type: 'integer', nullable: true, example: 2 })
  protocol: number | null;
  /** True: its protocol is too old. It gets no new jobs, and finishes those it has; install a newer Drover there. */
  too_old: boolean;
  @ApiProperty({ type: 'string', format: 'date-time' })
  registered_at: string;
  @ApiProperty({ type: 'string', format: 'date-time' })
  last_seen_at: string;
}

export class AgentListDto {
  /** All of them, in the order of their names. */
  agents: AgentDto[];
}

/** The limits above which a request is refused. */
export class LimitsViewDto {
  /** Bytes of the body of one request with JSON, at most. */
  body_bytes: number;
  /** Bytes of the body of a batch, at most. */
  batch_body_bytes: number;
  batch_jobs: number;
  queue_name_length: number;
  name_length: number;
  command_bytes: number;
  stdin_bytes: number;
  env_bytes: number;
  /** Payload and metadata together. */
  payload_bytes: number;
  json_depth: number;
  tags: number;
  tag_length: number;
  depends_on: number;
  artifacts: number;
  webhooks: number;
  priority_min: number;
  priority_max: number;
  retry_max: number;
  page_jobs: number;
  /** Seconds of silence after which an agent is lost. */
  agent_lease_s: number;
}

/** Something that happened to a job. */
export class EventDto {
  /** Give it as Last-Event-ID to go on after it. */
  id: string;
  job_id: string;
  queue: string;
  /** job.<state>, job.retrying, job.released, execution.<what>. */
  type: string;
  @ApiProperty({ type: 'string', format: 'date-time' })
  at: string;
  @ApiProperty({ type: 'object', additionalProperties: true })
  data: Record<string, unknown>;
}
