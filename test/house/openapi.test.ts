import { beforeAll, describe, expect, it } from 'vitest';
import { describeWithoutDatabase } from '../../apps/api/src/describe-without-database.js';
import { lacksOf, routesOfDocument, type Document } from '../support/openapi.js';

let document: Document;
beforeAll(async () => {
  document = JSON.parse(JSON.stringify(await describeWithoutDatabase())) as Document;
}, 60_000);

describe('the OpenAPI document', () => {
  it('tells every route whole: id, summary, description, parameters and bodies with examples, answers, security', () => {
    expect(routesOfDocument(document).length).toBeGreaterThan(170);
    expect(lacksOf(document)).toEqual([]);
  });

  it('would not tell a route that lacks one of them', () => {
    const bare = { operationId: 'X_y[0]', responses: { 200: { description: '' }, 404: { description: 'No' } } };
    const lacks = lacksOf({ ...document, paths: { '/x/{id}': { get: bare } } });
    for (const what of [
      'has no speaking operation id: X_y[0]',
      'has no summary of 8 to 100 characters',
      'has no description',
      'has not exactly one tag',
      'does not say who may call it',
      'does not declare its parameter id',
      'has an answer 200 without a description',
      'has a refusal 404 without a body',
      'has no answer 429',
    ])
      expect(lacks).toContain(`GET /x/{id} ${what}`);
  });
});
