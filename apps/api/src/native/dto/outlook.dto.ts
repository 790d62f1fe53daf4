import { ApiProperty } from '@nestjs/swagger';
import { EXECUTION_STATES, JOB_STATES, CAUSES, type Cause, type ExecutionState, type JobState } from '@drover/domain';
import { JobDetailDto, JobDto } from './job.dto.js';

const PHASE_NAMES = ['accepted', 'queued', 'claimed', 'first_output', 'running', 'result'] as const;

/** One step of an attempt. */
export class PhaseDto {
  /**
   * accepted: until it is in its queue. queued: until a node takes it. claimed: until its process runs. first_output:
   * from then until its first byte. running: from then until its exit. result: until its end is in the record.
   */
  @ApiProperty({ enum: PHASE_NAMES, enumName: 'PhaseName' })
  name: (typeof PHASE_NAMES)[number];
  /** Null: it has not begun, or its begin is not known any more. */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  from: string | null;
  /** Null: it goes on, or it never came. */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  to: string | null;
  /** Its length; null unless both ends are known. */
  seconds: number | null;
  /**
   * The median length of this step in the queue; of running, that of the job's earlier runs of the same command that
   * succeeded. Null: there are none, or the step waits for a time of its own or for other jobs.
   */
  median_s: number | null;
}

/** One claim of the job by a node, or its present wait. */
export class AttemptPhasesDto {
  /** Null: it waits. */
  execution_id: string | null;
  attempt: number;
  node: string | null;
  @ApiProperty({ enum: EXECUTION_STATES, enumName: 'ExecutionState', nullable: true })
  state: ExecutionState | null;
  @ApiProperty({ enum: CAUSES, enumName: 'Cause', nullable: true })
  cause: Cause | null;
  phases: PhaseDto[];
}

/** The steps of a job, attempt by attempt, beside what they mostly take. */
export class PhaseListDto {
  job_id: string;
  /** Oldest first. */
  attempts: AttemptPhasesDto[];
  /** The number of runs of the queue that the medians are from, 200 at most. */
  median_runs: number;
}

/** A run of the same name. */
export class RunDto {
  id: string;
  @ApiProperty({ enum: JOB_STATES, enumName: 'JobState' })
  state: JobState;
  exit_code: number | null;
  node: string | null;
  @ApiProperty({ type: 'string', format: 'date-time' })
  created_at: string;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  started_at: string | null;
  /** From its start to its end. */
  duration_s: number | null;
  /** The mean of its CPU use; 100 is one core. Null: nothing was read. */
  cpu_avg: number | null;
  /** The most memory that was read, in bytes. */
  memory_max: number | null;
}

/** How long runs took, in seconds: a tenth, half and nine tenths of them no longer. */
export class BandDto {
  p10_s: number | null;
  p50_s: number | null;
  p90_s: number | null;
  /** The number of runs it is from: those of the list that succeeded. */
  runs: number;
}

/** Runs of the same work in the same project. */
export class RunListDto {
  /**
   * The run before, to compare with: of the same name, or of the same command where the job has no name. Null: there is
   * none.
   */
  @ApiProperty({ type: () => JobDetailDto, nullable: true })
  previous: JobDetailDto | null;
  @ApiProperty({ type: () => JobDto, nullable: true })
  next: JobDto | null;
  /**
   * The part that the last runs have in common. `command`: the command and the image. `name`: no job of the same
   * command has run before, and these have the same name.
   */
  @ApiProperty({ enum: ['command', 'name'] })
  same: 'command' | 'name';
  /** The last 20 runs before it, newest first. */
  last: RunDto[];
  band: BandDto;
}
