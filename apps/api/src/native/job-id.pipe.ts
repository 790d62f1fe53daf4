import { Injectable, type PipeTransform } from '@nestjs/common';
import { jobNotFound } from '@drover/domain';
import { isUuid } from '@drover/jobs';

/** Answers 404 for a text that is no job id: no job has it. */
@Injectable()
export class JobId implements PipeTransform {
  transform(value: unknown): string {
    const id = String(value);
    if (!isUuid(id)) throw jobNotFound(id.slice(0, 100).toWellFormed());
    return id;
  }
}
