import { ApiProperty } from '@nestjs/swagger';

/** The answer of a process that lives. */
export class LivenessDto {
  @ApiProperty({ enum: ['ok'] })
  status: 'ok';
}

/** One thing the API depends on. */
class DependencyDto {
  ok: boolean;
  /** Why it does not answer. */
  reason?: string;
}

/** Whether everything the API depends on answers. */
export class ReadinessDto {
  @ApiProperty({ enum: ['ok', 'unavailable'] })
  status: 'ok' | 'unavailable';
  /** `postgres`, `tickets`, `bus` and `blobs`. */
  @ApiProperty({
    type: 'object',
    additionalProperties: {
      type: 'object',
      required: ['ok'],
      properties: { ok: { type: 'boolean' }, reason: { type: 'string' } },
    },
  })
  dependencies: Record<string, DependencyDto>;
}
