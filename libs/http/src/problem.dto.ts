import { ApiProperty } from '@nestjs/swagger';

export class FieldFaultDto {
  /** Path in the body or query, e.g. `retry.max`. Empty: the whole. */
  field: string;
  /** The fault, and the value that would be right. */
  message: string;
  /** The value, if it is short. */
  @ApiProperty({
    required: false,
    oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }],
    nullable: true,
  })
  value?: unknown;
}

/** RFC 9457. */
export class ProblemDto {
  type: string;
  title: string;
  status: number;
  /** The cause of the failure, and its remedy. */
  detail: string;
  /** One word, for programs. */
  code: string;
  errors?: FieldFaultDto[];
}
