import { ApiProperty } from '@nestjs/swagger';

/** One group of targets, as `http_sd_configs` of Prometheus reads it. */
export class TargetGroupDto {
  /** `host:port`. */
  targets: string[];
  /** Labels for the targets. Those that begin with `__meta_drover_` are there for relabelling. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  labels: Record<string, string>;
}
