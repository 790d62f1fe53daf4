import { RouteConflictDetector } from '@nestjs/core/router/route-conflict-detector.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routesOf, type DeclaredRoute } from '@drover/http';
import { startApi, type TestApi } from '../support/api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ passive: true });
});
afterAll(() => api.close());

/** Both may answer a request of this method, as far as their methods say. */
const shareMethod = (one: DeclaredRoute, other: DeclaredRoute): boolean =>
  one.method === other.method || one.method === 'ALL' || other.method === 'ALL';

const said = ({ module, method, path }: DeclaredRoute): string => `${module} ${method} ${path}`;

/** Which module's route comes first where both match. Each of these pairs is in the order of the names of dialects. */
const DECIDED = [
  'FluxModule GET /job/:id before MetricProxyModule ALL /job/*rest',
  'FluxModule GET /job/:id before MetricProxyModule GET /job/list',
  'FluxModule GET /job/:id/cancel before MetricProxyModule ALL /job/*rest',
  'FluxModule GET /jobs/submit before TestflingerModule GET /jobs/:job_id',
  'FluxModule GET /v1/jobs/search before FluxOtherMethodsModule ALL /v1/jobs/search',
  'FluxModule GET /v1/jobs/search before HpcModule ALL /v1/jobs/:id',
  'FluxModule GET /v1/jobs/search before HpcModule GET /v1/jobs/:id',
  'FluxModule POST /job/:id/cancel before MetricProxyModule ALL /job/*rest',
  'FluxModule POST /v1/jobs/submit before FluxOtherMethodsModule ALL /v1/jobs/submit',
  'FluxModule POST /v1/jobs/submit before HpcModule ALL /v1/jobs/:id',
  'HpcModule ALL /v1/jobs/:id before FluxOtherMethodsModule ALL /v1/jobs/search',
  'HpcModule ALL /v1/jobs/:id before FluxOtherMethodsModule ALL /v1/jobs/submit',
  'HpcModule DELETE /v1/jobs/:id before FluxOtherMethodsModule ALL /v1/jobs/search',
  'HpcModule DELETE /v1/jobs/:id before FluxOtherMethodsModule ALL /v1/jobs/submit',
  'HpcModule GET /v1/jobs/:id before FluxOtherMethodsModule ALL /v1/jobs/search',
  'HpcModule GET /v1/jobs/:id before FluxOtherMethodsModule ALL /v1/jobs/submit',
  'HpcModule PATCH /v1/jobs/:id before FluxOtherMethodsModule ALL /v1/jobs/search',
  'HpcModule PATCH /v1/jobs/:id before FluxOtherMethodsModule ALL /v1/jobs/submit',
];

describe('of two modules that could serve a request', () => {
  it('the first one is as it was decided (docs/decisions/0011-routes-in-the-order-of-modules.md)', () => {
    const routes = routesOf(api.app);
    const pairs = routes.flatMap((first, at) =>
      routes
        .slice(at + 1)
        .filter(
          (second) =>
            first.module !== second.module &&
            shareMethod(first, second) &&
            RouteConflictDetector.pathsCanOverlap(first.path, second.path),
        )
        .map((second) => `${said(first)} before ${said(second)}`),
    );
    expect(pairs.sort()).toEqual(DECIDED);
  });
});
