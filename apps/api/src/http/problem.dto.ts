import { ApiProperty } from '@nestjs/swagger';

export class FieldFaultDto {
  /** Path in the body or query, e.g. `retry.max`. Empty: the whole. */
  field: string;
  /** What is wrong and what would be right. */
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
  /** What went wrong and what helps. */
  detail: string;
  /** One word, for programs. */
  code: string;
  errors?: FieldFaultDto[];
}
