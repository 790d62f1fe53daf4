import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { ProblemDto } from './problem.dto.js';

const TEXTS: Record<number, { code: string; title: string; detail: string }> = {
  400: { code: 'malformed', title: 'Bad Request', detail: 'The body is no valid JSON: Unexpected end of JSON input.' },
  401: {
    code: 'unauthenticated',
    title: 'Unauthorized',
    detail: 'There is no client with this id and key. An admin makes clients with `drover clients create`.',
  },
  404: { code: 'not_found', title: 'Not Found', detail: 'There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.' },
  409: {
    code: 'conflict',
    title: 'Conflict',
    detail:
      'Job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55 is running; only a job that has ended can be retried. Cancel it first, or wait.',
  },
  413: {
    code: 'too_large',
    title: 'Payload Too Large',
    detail: 'The body is larger than this route takes; see GET /api/v1/limits.',
  },
  415: {
    code: 'unsupported_media_type',
    title: 'Unsupported Media Type',
    detail: 'The body must be JSON in UTF-8: send Content-Type: application/json.',
  },
  416: { code: 'gap', title: 'Range Not Satisfiable', detail: 'The stored log ends at 12; ask from there or before.' },
  422: { code: 'invalid', title: 'Unprocessable Entity', detail: 'priority: must be a whole number' },
  429: {
    code: 'rate_limited',
    title: 'Too Many Requests',
    detail:
      'Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).',
  },
  503: {
    code: 'unavailable',
    title: 'Service Unavailable',
    detail: 'The database does not answer at the moment; try again in a second.',
  },
};

/** A refusal as the OpenAPI document describes it: problem+json with an example. */
export function problemDocs(status: number): { description: string; content: Record<string, object> } {
  const text = TEXTS[status] ?? { code: 'invalid', title: 'Error', detail: '' };
  const example = {
    type: `urn:drover:problem:${text.code}`,
    title: text.title,
    status,
    detail: text.detail,
    code: text.code,
  };
  return {
    description: text.title,
    content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDto) }, example } },
  };
}

/** The refusals of a route, as problem+json. 503 is everywhere. */
export function ApiProblems(...statuses: number[]): MethodDecorator & ClassDecorator {
  return applyDecorators(
    ApiExtraModels(ProblemDto),
    ...[...statuses, 503].map((status) => ApiResponse({ status, ...problemDocs(status) })),
  );
}
