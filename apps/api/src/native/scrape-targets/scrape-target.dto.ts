import { IsBoolean, IsNumber, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { IsJobId } from '@drover/http';

/** An exporter, or another proxy. */
export class ScrapeTargetDto {
  /** `host:port`, without http://. */
  @IsString()
  @Length(1, 300)
  address: string;

  /** Seconds between two scrapes. Default DROVER_SCRAPE_PERIOD. */
  @IsOptional()
  @IsNumber({ allowInfinity: false, allowNaN: false })
  @Min(0.1)
  @Max(86_400)
  period_s?: number;

  /** Scraped only while this job runs, and part of its metrics. */
  @IsOptional()
  @IsJobId()
  job?: string;

  /** Kept when it fails, and tried more and more seldom. Default false: dropped after three failures in a row. */
  @IsOptional()
  @IsBoolean()
  keep?: boolean;
}

export class ScrapeTargetViewDto {
  id: string;
  address: string;
  url: string;
  /** prometheus: an exporter. proxy: another metric proxy, or another Drover. */
  kind: 'prometheus' | 'proxy';
  period_s: number;
  job: string | null;
  keep: boolean;
  /** unknown: not scraped yet. */
  health: 'unknown' | 'up' | 'down';
  /** Failed scrapes in a row. */
  failures: number;
  last_error: string | null;
  last_scrape_at: string | null;
  last_duration_ms: number | null;
  /** The series that the last scrape gave. */
  series: number;
  owner: string;
  created_at: string;
}

export class ScrapeTargetListDto {
  targets: ScrapeTargetViewDto[];
}
