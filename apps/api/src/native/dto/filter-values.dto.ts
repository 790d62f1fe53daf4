import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { VALUED_FIELDS, type ValuedField } from '@drover/jobs';

export class FilterValuesQueryDto {
  /** The field of the filter whose values are wanted. */
  @IsIn(VALUED_FIELDS)
  @ApiProperty({ enum: VALUED_FIELDS })
  field: ValuedField;

  /** A part of the value; upper and lower case are the same. */
  @IsOptional()
  @IsString()
  @Length(1, 200)
  q?: string;

  /** Values at most. Default 20. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100)
  limit?: number;
}

/** A value of a field. */
export class FilterValueDto {
  /** A text that a filter takes; an exit code is one, too. */
  value: string;
  /** How many of the jobs that were looked at have it. */
  jobs: number;
}

export class FilterValueListDto {
  /** The values of the most jobs come first. */
  values: FilterValueDto[];
}
