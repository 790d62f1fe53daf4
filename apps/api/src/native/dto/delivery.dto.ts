import { ApiProperty } from '@nestjs/swagger';
import { JobDto } from './job.dto.js';

export const DELIVERY_KINDS = ['webhook', 'mail'] as const;
export const DELIVERY_STATES = ['pending', 'delivered', 'failed', 'dropped'] as const;

/**
 * The body of a webhook, sent by POST as JSON. Headers: `X-Drover-Event` (the state), `X-Drover-Delivery` (the id
 * below: the same for every try, to tell a repetition), and with a secret `X-Drover-Signature: sha256=<hex>`, the
 * HMAC-SHA256 of the body's bytes under the secret. A status below 400 is taken as success; else it is tried ten times
 * in all, over about eight minutes.
 */
export class WebhookPayloadDto {
  /** The id of the delivery, the same over all its tries. */
  id: string;
  /** `job.<state>` */
  event: string;
  /** When it happened. */
  @ApiProperty({ type: 'string', format: 'date-time' })
  at: string;
  /** The job as it is when the webhook is sent: it may have gone on since. */
  job: JobDto;
}

/** One try to deliver. */
export class DeliveryTryDto {
  @ApiProperty({ type: 'string', format: 'date-time' })
  at: string;
  took_ms: number;
  /** HTTP status, or the code of the mail server. Null: there was no answer. */
  status: number | null;
  error: string | null;
  /**
   * Names of the headers that were answered, or of those that were sent if there was no answer. Values may be secrets
   * and are not kept.
   */
  headers: string[];
  /** The body that was answered, or the one that was sent if there was no answer. At most 4 KiB. */
  body: string;
}

/** A webhook or a mail about a job. */
export class DeliveryDto {
  id: string;
  @ApiProperty({ enum: DELIVERY_KINDS, enumName: 'DeliveryKind' })
  kind: (typeof DELIVERY_KINDS)[number];
  /** The state that the delivery reports; for jobs of other APIs, the state in their words. */
  event: string;
  /** URL or mail address. */
  target: string;
  /** `dropped`: the job was deleted before the delivery. */
  @ApiProperty({ enum: DELIVERY_STATES, enumName: 'DeliveryState' })
  state: (typeof DELIVERY_STATES)[number];
  tries: number;
  max_tries: number;
  @ApiProperty({ type: 'string', format: 'date-time' })
  created_at: string;
  /** The time of the next try. Null: there will be no other one. */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  next_at: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  done_at: string | null;
  /** Oldest first. */
  log: DeliveryTryDto[];
}

export class DeliveryListDto {
  /** Oldest first, at most 500. */
  deliveries: DeliveryDto[];
}
