import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { IsCursor } from '@drover/http';

/** The parameters that every list of the native API takes beside its own filters. */
export class PageQueryDto {
  /** Entries a page. Default 100. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000)
  limit?: number;

  /** The `next` of the page before. */
  @IsOptional()
  @IsCursor()
  cursor?: string;
}
