import { invalid } from '@drover/domain';
import { momentOf } from '@drover/http';
import type { JobFilter } from '@drover/jobs';
import type { JobFilterDto } from './dto/job-filter.dto.js';

/** The core's filter of a checked one. Durations are counted back from `now`. Throws `invalid`. */
export function toFilter(dto: JobFilterDto, now = Date.now(), prefix = ''): JobFilter {
  const { state, tag, cause, exit, dialect, queue, node, owner, name, parent, q } = dto;
  const created = period(dto, 'created', now, prefix);
  const started = period(dto, 'started', now, prefix);
  const finished = period(dto, 'finished', now, prefix);
  return {
    ...(state && state.length > 0 ? { states: state } : {}),
    ...(queue == null ? {} : { queue }),
    ...(node == null ? {} : { node }),
    ...(owner == null ? {} : { owner }),
    ...(tag && tag.length > 0 ? { tags: { values: tag, match: 'all' as const } } : {}),
    ...(cause && cause.length > 0 ? { causes: cause } : {}),
    ...(exit == null ? {} : { exits: [exit] }),
    ...(dialect == null ? {} : { dialects: [dialect] }),
    ...(name == null ? {} : { name }),
    ...(parent == null ? {} : { parent_id: parent }),
    ...(created ? { created } : {}),
    ...(started ? { started } : {}),
    ...(finished ? { finished } : {}),
    ...(q == null ? {} : { q }),
  };
}

function period(
  dto: JobFilterDto,
  field: 'created' | 'started' | 'finished',
  now: number,
  prefix: string,
): JobFilter['created'] | null {
  const [first, last] = [dto[`${field}_after`], dto[`${field}_before`]];
  const after = first == null ? null : momentOf(first, now);
  const before = last == null ? null : momentOf(last, now);
  if (after && before && after >= before)
    throw invalid([{ field: `${prefix}${field}_before`, message: `must be later than ${field}_after` }]);
  return after || before ? { ...(after ? { after } : {}), ...(before ? { before } : {}) } : null;
}
