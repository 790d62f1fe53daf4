import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/**
 * A command to be run, and when. For the document only: the body is read by payload.ts, whatever its content type.
 *
 * @example
 *   { "image": "ubuntu:latest", "command": "ls -lah", "envs": { "SMTP_SERVER": "my-smtp-server" }, "retries": 3 }
 */
export class EnqueueDto {
  /** `name[:tag]` */
  image: string;
  /** Split into words as a POSIX shell would, and not run by a shell. */
  command: string;
  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' } })
  envs?: Record<string, string>;
  /** Free data. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  metadata?: Record<string, unknown>;
  /** Automatic retries after a failed execution. */
  @ApiPropertyOptional()
  retries?: number;
  /** UNIX seconds: run once then. */
  @ApiPropertyOptional()
  startAt?: number;
  /** Run once after that time: 10s, 2m30s, 4h30m25s. */
  @ApiPropertyOptional()
  startIn?: string;
  /** Five fields, in UTC: run at each match, until stopped. */
  @ApiPropertyOptional()
  cron?: string;
  /** UNIX seconds: an execution that would start later is not run. */
  @ApiPropertyOptional()
  expiration?: number;
  /** Seconds. */
  @ApiPropertyOptional()
  timeout?: number;
  /** Mail addresses under succeeds, fails, finishes. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } })
  notify?: Record<string, string[]>;
  /** {url, headers, retries, secret} under succeeds, fails, finishes. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'array', items: { type: 'object' } } })
  webhooks?: Record<string, object[]>;
  /** Host names and their addresses. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' } })
  additionalDNSEntries?: Record<string, string>;
}

export class BlacklistDto {
  /** `name:port` */
  @ApiProperty()
  host: string;
}
