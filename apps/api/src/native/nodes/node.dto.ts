import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Max,
  Min,
} from 'class-validator';
import { IsLabels, IsNodeName, IsQueueName } from '@drover/http';

const LABELS = { type: 'object', additionalProperties: { type: 'string' } } as const;
const MOST_QUEUES = 100;

/** The terms of an invitation. */
export class InviteNodeDto {
  /** The only queues that the node may serve. Default: `default`. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_QUEUES)
  @IsQueueName({ each: true })
  @ApiPropertyOptional({ type: [String], minItems: 1, maxItems: MOST_QUEUES })
  queues?: string[];

  /** The labels of the node, for placement. It bears these and no others. */
  @IsOptional()
  @IsLabels()
  @ApiPropertyOptional(LABELS)
  labels?: Record<string, string>;

  /** Slots of the node at most. Null: as many as it likes. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(10_000)
  @ApiPropertyOptional({ type: 'integer', nullable: true, minimum: 1, maximum: 10_000 })
  slots?: number | null;

  /** Seconds until nobody can use it any more: from a minute to a week. Default: an hour. */
  @IsOptional()
  @IsInt()
  @Min(60)
  @Max(604_800)
  @ApiPropertyOptional({ type: 'integer', minimum: 60, maximum: 604_800 })
  expires_s?: number;

  /**
   * True: the node gets a login to the ticket store, which it then has to reach (docs/security.md says what the login
   * reaches). Default: its jobs come over the API alone.
   */
  @IsOptional()
  @IsBoolean()
  @ApiPropertyOptional({ type: 'boolean' })
  ticket_login?: boolean;
}

const INVITATION_STATES = ['open', 'used', 'revoked', 'expired'] as const;
export type InvitationState = (typeof INVITATION_STATES)[number];

/** Leave for one new node to enrol. */
export class InvitationDto {
  id: string;
  /** open: a node may use it. */
  @ApiProperty({ enum: INVITATION_STATES, enumName: 'InvitationState' })
  state: InvitationState;
  /** The only queues that the node may serve. */
  queues: string[];
  @ApiProperty({ ...LABELS, description: 'The labels of the node' })
  labels: Record<string, string>;
  /** Slots of the node at most. Null: as many as it likes. */
  slots: number | null;
  /** The node gets a login to the ticket store. */
  ticket_login: boolean;
  /** The client that made it. */
  created_by: string;
  @ApiProperty({ type: 'string', format: 'date-time' })
  created_at: string;
  @ApiProperty({ type: 'string', format: 'date-time' })
  expires_at: string;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  used_at: string | null;
  /** The name of the node that used it. */
  used_by: string | null;
  /** The address that node came from. */
  used_from: string | null;
}

export class InvitationListDto {
  /** The newest first, at most 1,000. Those that have ended are kept for 30 days. */
  invitations: InvitationDto[];
}

/** A new invitation, with what the new node needs. */
export class NewInvitationDto extends InvitationDto {
  /** For `drover enrol` on the new node. It is shown this once. */
  token: string;
  /** Where nodes and people reach this API (DROVER_PUBLIC_URL). Null: it is not set. */
  public_url: string | null;
  /**
   * The fingerprint of the authority of the API's certificate, for `drover enrol --ca-fingerprint`. Null: the API
   * speaks no TLS, or does not send its authority along.
   */
  ca_fingerprint: string | null;
}

/** A new node, with its invitation. */
export class EnrolDto {
  /** The token of the invitation. */
  @IsString()
  @Length(1, 200)
  token: string;

  /** The name of the node, unique among the agents of this broker. */
  @IsNodeName()
  @ApiProperty({ type: 'string', maxLength: 200 })
  name: string;

  /** True: says what the node would get, and gives no key; the invitation stays open. */
  @IsOptional()
  @IsBoolean()
  @ApiPropertyOptional({ type: 'boolean' })
  check?: boolean;
}

/** The place of the tickets, for a node that gets a login there. */
export class TicketStoreDto {
  @ApiProperty({ enum: ['redis', 'postgres'] })
  backend: 'redis' | 'postgres';
  /** Hosts and ports; the login comes with the registration. */
  addresses: string[];
}

/** Everything that a new node needs to register. */
export class EnrolmentDto {
  /** The name of the node. */
  node: string;
  /**
   * The key with which its worker registers (DROVER_ENROLMENT_TOKEN of the worker). It is shown this once. Null: it was
   * only asked what the node would get.
   */
  key: string | null;
  /** The only queues that it may serve. */
  queues: string[];
  @ApiProperty({ ...LABELS, description: 'Its labels' })
  labels: Record<string, string>;
  /** Its slots at most. Null: as many as it likes. */
  slots: number | null;
  /** The place of the tickets. Null: its jobs come over the API alone, and it needs to reach nothing else. */
  tickets: TicketStoreDto | null;
  /** The version of the API. */
  version: string;
  @ApiProperty({ type: 'string', format: 'date-time' })
  server_time: string;
}

/** A node that was enrolled. */
export class EnrolledNodeDto {
  name: string;
  queues: string[];
  @ApiProperty({ ...LABELS, description: 'Its labels' })
  labels: Record<string, string>;
  slots: number | null;
  ticket_login: boolean;
  /** The id of the invitation with which it came. */
  invitation: string;
  @ApiProperty({ type: 'string', format: 'date-time' })
  enrolled_at: string;
}

export class EnrolledNodeListDto {
  /** By name, at most 1,000. */
  nodes: EnrolledNodeDto[];
}
