import { ApiProperty } from '@nestjs/swagger';

export class ListedTaskDto {
  taskId: string;
  /** UNIX seconds; with FASTLANE_TASK_DATES=iso a text. */
  @ApiProperty({ oneOf: [{ type: 'number' }, { type: 'string' }] })
  createdAt: number | string;
  @ApiProperty({ oneOf: [{ type: 'number' }, { type: 'string' }] })
  lastModifiedAt: number | string;
  jobsCount: number;
  url: string;
}

export class TaskListDto {
  items: ListedTaskDto[];
  total: number;
  page: number;
  pages: number;
  perPage: number;
  hasNext: boolean;
  hasPrev: boolean;
  nextUrl: string | null;
  prevUrl: string | null;
}

export class TaskJobDto {
  id: string;
  url: string;
  createdAt: string;
}

export class TaskDto {
  taskId: string;
  jobs: TaskJobDto[];
}

export class EnqueuedDto {
  taskId: string;
  jobId: string;
  /** Null when the job is to be run later. */
  executionId: string | null;
  executionUrl: string | null;
  queueJobId: string;
  jobUrl: string;
  taskUrl: string;
}
