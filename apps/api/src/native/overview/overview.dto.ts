import { ApiProperty } from '@nestjs/swagger';
import {
  AGENT_BLOCKS,
  AGENT_STATES,
  CAUSES,
  JOB_STATES,
  type AgentBlock,
  type AgentState,
  type Cause,
  type JobState,
} from '@drover/domain';
import { AlarmStateDto } from '../alarms/alarm-views.dto.js';
import { JobFilterDto } from '../dto/job-filter.dto.js';
import { PauseDto } from '../dto/views.dto.js';

/** A queue and its last hour. Jobs are those that the client may see. */
export class QueueOverviewDto {
  name: string;
  paused: boolean;
  /** The pause, with who asked for it and why. Null: it is not paused, or nothing is known. */
  pause: PauseDto | null;
  /** Jobs that could start now. */
  waiting: number;
  /** Jobs that wait for a time, a retry or other jobs. */
  scheduled: number;
  /** Jobs that a node has, also those that are being cancelled. */
  running: number;
  /** When the oldest of the waiting jobs was queued. Null: none waits. */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  oldest_queued_at: string | null;
  /** Half of the starts of the last hour came after no longer a wait, in seconds; exact to 15 %. Null: nothing started. */
  wait_p50_s: number | null;
  /** The same of 95 % of the starts. */
  wait_p95_s: number | null;
  /** Starts in the last hour, retries as well. */
  started: number;
  /** Jobs that failed in the last hour. */
  failed: number;
  /** Agents online that serve it. */
  agents: number;
  /** Slots of those agents together; they may serve other queues, too. */
  slots: number;
}

/** The job that a slot runs. */
export class SlotJobDto {
  job_id: string;
  execution_id: string;
  /** The name, or the beginning of the command. Null: neither is known. */
  name: string | null;
  owner: string;
  queue: string;
  @ApiProperty({ enum: JOB_STATES, enumName: 'JobState' })
  state: JobState;
}

/** A slot that is taken. */
export class TakenSlotDto {
  /** Its number on the node, from 1. It stays the same while the job runs. */
  slot: number;
  /** How many slots the job takes. */
  slots: number;
  /** Null: the job belongs to another project. */
  job: SlotJobDto | null;
  /** Since when it is taken. */
  @ApiProperty({ type: 'string', format: 'date-time' })
  since: string;
  /** Indexes of the GPUs that the job holds. */
  gpus: number[];
}

/** A node and the jobs in its slots. */
export class NodeOverviewDto {
  name: string;
  @ApiProperty({ enum: ['worker', 'pull'] })
  kind: 'worker' | 'pull';
  @ApiProperty({ enum: AGENT_STATES, enumName: 'AgentState' })
  state: AgentState;
  /** True: it is offline, and has not said that it goes. */
  lost: boolean;
  /** Why it takes no work although it is online. Null: it takes work. */
  @ApiProperty({ enum: AGENT_BLOCKS, enumName: 'AgentBlock', nullable: true })
  blocked_by: AgentBlock | null;
  /** When it was last heard of. Null while it is online. */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  last_seen_at: string | null;
  queues: string[];
  slots: number;
  gpus: number;
  /** The slots that are taken, by their numbers. */
  taken: TakenSlotDto[];
}

/** Failures of the last hour for one reason. */
export class FailureGroupDto {
  /** The reason in one sentence. */
  sentence: string;
  @ApiProperty({ enum: CAUSES, enumName: 'Cause', nullable: true })
  cause: Cause | null;
  exit_code: number | null;
  count: number;
  /** Up to five of their queues, the one with the most failures first. */
  queues: string[];
  /** One of the jobs. */
  job_id: string;
  /** The filter of a list in which they are; jobs with another sentence of the same cause are there, too. */
  filter: JobFilterDto;
}

/** A node that somebody has to look at. */
export class NodeTroubleDto {
  name: string;
  /** lost, or a word for what blocks it. */
  why: string;
  /** The trouble in one sentence. */
  sentence: string;
}

/** Everything that waits for somebody. */
export class NeedsDto {
  /** The most frequent reasons first, at most 20. */
  failures: FailureGroupDto[];
  /** Alarms that fire. */
  alarms: AlarmStateDto[];
  /** Nodes that are lost or blocked. */
  nodes: NodeTroubleDto[];
}

/** The first look: every queue, every node with its jobs, and what waits for somebody. */
export class OverviewDto {
  @ApiProperty({ type: 'string', format: 'date-time' })
  at: string;
  /** By name. */
  queues: QueueOverviewDto[];
  /** By name. Those that have been offline for 7 days are left out. */
  nodes: NodeOverviewDto[];
  needs: NeedsDto;
}

/** The parts of an overview that have changed. */
export class OverviewChangeDto {
  @ApiProperty({ type: 'string', format: 'date-time' })
  at: string;
  /** Queues that are new or have changed. */
  queues: QueueOverviewDto[];
  /** Names of queues that are gone. */
  queues_gone: string[];
  /** Nodes that are new or have changed. */
  nodes: NodeOverviewDto[];
  /** Names of nodes that are gone. */
  nodes_gone: string[];
  /** Null: as before. */
  needs: NeedsDto | null;
}
