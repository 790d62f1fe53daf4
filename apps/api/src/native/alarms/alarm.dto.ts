import { ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsNumber,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateBy,
} from 'class-validator';
import {
  ALARM_NO_DATA,
  ALARM_OPERATORS,
  WEBHOOK_FORMATS,
  type AlarmNoData,
  type AlarmOperator,
  type WebhookFormat,
} from '@drover/domain';
import { IsEnvironment, IsInstant, IsQueueName, IsWebUrl, Nested } from '@drover/http';
import { PageQueryDto } from '../dto/page-query.dto.js';

const YEAR_S = 31_536_000;
const ACTIONS = ['webhook', 'mail', 'cancel'] as const;
/** The label names that Prometheus accepts. */
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Labels: names as Prometheus takes them, at most 30. */
function IsLabels(): PropertyDecorator {
  const message =
    'must be an object of at most 30 texts whose names are letters, digits and underscores, e.g. {"team": "storage"}';
  const validate = (value: unknown): boolean =>
    value !== null &&
    typeof value === 'object' &&
    !Array.isArray(value) &&
    Object.keys(value).length <= 30 &&
    Object.entries(value).every(([name, text]) => LABEL.test(name) && typeof text === 'string' && text.length <= 1_000);
  return ValidateBy({ name: 'isLabels', validator: { validate, defaultMessage: () => message } }, { message });
}

/** An action that is taken when an alarm begins and ends. */
export class AlarmActionDto {
  /** webhook: POST in Alertmanager's format. mail. cancel: ends the job that the alarm is about. */
  @IsIn(ACTIONS)
  type: (typeof ACTIONS)[number];

  /** The URL that a webhook is sent to. */
  @IsOptional()
  @IsWebUrl()
  url?: string;

  /**
   * The form of a webhook. json: the message itself. cloudevents: a CloudEvent 1.0 (structured,
   * application/cloudevents+json) with the message as its data. Default: json.
   */
  @IsOptional()
  @IsIn(WEBHOOK_FORMATS)
  @ApiPropertyOptional({ enum: WEBHOOK_FORMATS, enumName: 'WebhookFormat' })
  format?: WebhookFormat;

  /** The addresses that a mail is sent to. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @Matches(/^[^\s@<>,;"]{1,64}@[^\s@<>,;"]{1,255}$/, { each: true, message: 'must be a mail address' })
  to?: string[];
}

/** An alarm on one entry, or on every job of a queue or with a command. */
export class AlarmDto {
  @IsString()
  @Length(1, 1_000)
  name: string;

  /** `main`, `Node: <name>`, or the id of a job. One of target, queue and command. */
  @IsOptional()
  @IsString()
  @Length(1, 1_000)
  target?: string;

  /** Every job of this queue. */
  @IsOptional()
  @IsQueueName()
  queue?: string;

  /** Every job with exactly this command line. */
  @IsOptional()
  @IsString()
  @Length(1, 100_000)
  command?: string;

  /**
   * The metric with its labels, as the counters show it, e.g. `proxy_network_receive_bytes_total{interface="lo"}`; or
   * of a job's process tree `job_cpu_percent` (100 = one core), `job_memory_bytes` or `job_gpu_percent`.
   */
  @IsString()
  @Length(1, 1_000)
  metric: string;

  /** Strict; `=` is exactly equal. */
  @IsIn(ALARM_OPERATORS)
  operator: AlarmOperator;

  @IsNumber({ allowInfinity: false, allowNaN: false })
  threshold: number;

  /** Once the alarm fires, it fires until the value has passed this one, too. */
  @IsOptional()
  @IsNumber({ allowInfinity: false, allowNaN: false })
  clear_threshold?: number;

  /** Seconds for which the condition has to hold before the alarm fires. Default 0. */
  @IsOptional()
  @IsNumber({ allowInfinity: false, allowNaN: false })
  @Min(0)
  @Max(YEAR_S)
  for_s?: number;

  /** Seconds for which the alarm goes on firing after its condition stopped to hold. Default 0. */
  @IsOptional()
  @IsNumber({ allowInfinity: false, allowNaN: false })
  @Min(0)
  @Max(YEAR_S)
  keep_for_s?: number;

  /** The meaning of an entry without the metric: ok = no alarm (as Prometheus), alarm, keep = as it was. Default ok. */
  @IsOptional()
  @IsIn(ALARM_NO_DATA)
  @ApiPropertyOptional({ enum: ALARM_NO_DATA, enumName: 'AlarmNoData' })
  no_data?: AlarmNoData;

  /** A word of your own; `critical`, `warning` and `info` are usual. Default warning. */
  @IsOptional()
  @IsString()
  @Matches(/^[A-Za-z0-9_.-]{1,100}$/, { message: 'must be a word of letters, digits, dots, dashes and underscores' })
  severity?: string;

  /** Go with every alert. */
  @IsOptional()
  @IsLabels()
  labels?: Record<string, string>;

  /** Texts for people, e.g. `summary`. */
  @IsOptional()
  @IsEnvironment()
  annotations?: Record<string, string>;

  /** Alerts that agree in these labels are told in one message. Default alertname. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @IsString({ each: true })
  @Matches(LABEL, { each: true, message: 'must be the name of a label' })
  group_by?: string[];

  /** Seconds after which an alarm that still fires is told again. Default four hours. */
  @IsOptional()
  @IsNumber({ allowInfinity: false, allowNaN: false })
  @Min(1)
  @Max(YEAR_S)
  repeat_s?: number;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @Nested(() => AlarmActionDto, { each: true })
  actions?: AlarmActionDto[];

  /** false: it is not evaluated. Default true. */
  @IsOptional()
  @IsBoolean()
  enabled?: boolean;
}

export class SilenceMatcherDto {
  /** Label of an alert: alertname, severity, entry, metric, job, node, queue, command, or one of the alarm's own. */
  @Matches(LABEL, { message: 'must be the name of a label' })
  name: string;

  @IsString()
  @MaxLength(1_000)
  value: string;

  /** `*` in the value stands for any text. Default false. */
  @IsOptional()
  @IsBoolean()
  glob?: boolean;

  /** false: all but these. Default true. */
  @IsOptional()
  @IsBoolean()
  equal?: boolean;
}

/** While it lasts, alarms that match are recorded, but not told and cancel nothing. */
export class SilenceDto {
  /** All must match. */
  @IsArray()
  @ArrayMaxSize(20)
  @Nested(() => SilenceMatcherDto, { each: true })
  matchers: SilenceMatcherDto[];

  /** Default now. */
  @IsOptional()
  @IsInstant()
  starts_at?: string;

  @IsInstant()
  ends_at: string;

  @IsOptional()
  @IsString()
  @MaxLength(10_000)
  comment?: string;
}

export class AlarmHistoryQueryDto extends PageQueryDto {
  /** The id of the alarm. */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  alarm?: string;

  /** The entry: a job id, or `Node: ` with a name. */
  @IsOptional()
  @IsString()
  @Length(1, 1_000)
  entry?: string;
}
