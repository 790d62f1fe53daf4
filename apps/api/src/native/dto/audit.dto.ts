import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Length } from 'class-validator';
import { IsInstant } from '@drover/http';
import { PageQueryDto } from './page-query.dto.js';

export class AuditQueryDto extends PageQueryDto {
  /** Only changes made by this client. */
  @IsOptional()
  @IsString()
  @Length(1, 200)
  actor?: string;

  /** Only this kind of change, such as `job.cancel`. */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  action?: string;

  /** Only changes of this kind of object, such as `job` or `client`. */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  kind?: string;

  /** Only changes of the object with this id. */
  @IsOptional()
  @IsString()
  @Length(1, 1_000)
  object?: string;

  /** Only changes of this project's objects. */
  @IsOptional()
  @IsString()
  @Length(1, 63)
  project?: string;

  /** Only entries from this time on. ISO 8601 with its zone. */
  @IsOptional()
  @IsInstant()
  @ApiPropertyOptional({ type: 'string', format: 'date-time' })
  from?: string;

  /** Only entries up to this time. ISO 8601 with its zone. */
  @IsOptional()
  @IsInstant()
  @ApiPropertyOptional({ type: 'string', format: 'date-time' })
  to?: string;
}

/** One change that somebody made through any of the APIs. */
export class AuditEntryDto {
  id: string;
  @ApiProperty({ type: 'string', format: 'date-time' })
  at: string;
  /** The client that made it; `anonymous` where nobody logs in. */
  actor: string;
  /** Its role at that time. */
  role: string | null;
  /** The address it came from. */
  address: string | null;
  /** A word for the change, such as `job.cancel`. */
  action: string;
  /** The kind of object: job, queue, agent, client, secret, alarm, silence, profile, scrape target, project. */
  kind: string;
  object: string;
  project: string;
  /** The values that were changed, as they were before. Null: the object was new, or nothing is kept of it. */
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  before: Record<string, unknown> | null;
  /** The same values after the change. Null: the object is gone, or nothing is kept of it. */
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  after: Record<string, unknown> | null;
}

export class AuditPageDto {
  /** Newest first. */
  entries: AuditEntryDto[];
  /** Give it as `cursor` for the next page. Null: this was the last. */
  next: string | null;
}
