import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Express, Request, Response } from 'express';
import { contentPolicy } from './page-policy.js';

/** Swagger UI comes with @nestjs/swagger. */
const nest = createRequire(import.meta.resolve('@nestjs/swagger'));
const UI = dirname(nest.resolve('swagger-ui-dist/package.json'));
/** The files of it that are served: a closed list. */
const FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'] as const;

/** Swagger UI sets colours and sizes at its elements; its own images are data. */
const POLICY = contentPolicy({
  'script-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data:",
  'connect-src': "'self'",
  'form-action': "'self'",
});

const PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Drover API</title>
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png"><link rel="stylesheet" href="/docs/swagger-ui.css"></head>
<body><div id="swagger-ui"></div><script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body></html>
`;

/** A file of its own, so that the policy allows no inline script. The document is ours, whatever the address says. */
const START = `window.addEventListener('load', () => {
  SwaggerUIBundle({ url: '/docs-json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null, queryConfigEnabled: false });
});
`;

/** Serves Swagger UI at /docs under the policy of all pages. */
export function serveDocsPage(app: NestExpressApplication): void {
  const server = app.getHttpAdapter().getInstance() as unknown as Express;
  const page = (_request: Request, response: Response): void => {
    response.setHeader('Content-Security-Policy', POLICY);
    response.type('text/html').send(PAGE);
  };
  for (const path of ['/docs', '/docs/']) server.get(path, page);
  server.get(
    '/docs/start.js',
    (_request: Request, response: Response) => void response.type('text/javascript').send(START),
  );
  for (const file of FILES) {
    server.get(`/docs/${file}`, (_request: Request, response: Response) =>
      response.sendFile(join(UI, file), { maxAge: 3_600_000 }),
    );
  }
}
