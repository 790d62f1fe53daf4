import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Express, Request, Response } from 'express';
import { contentPolicy } from './page-policy.js';

/** Swagger UI as scripts/build.mjs puts it into `dist`: the folder holds nothing that is not to be served. */
const UI =
  ['../../../swagger-ui', '../../../dist/swagger-ui']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((folder) => existsSync(folder)) ?? '';

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
<body><div id="swagger-ui"></div><script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/swagger-ui-standalone-preset.js"></script><script src="/docs/start.js"></script></body></html>
`;

/** The settings of the page. */
export interface DocsPage {
  /** The APIs with a document of their own, the one that is shown first in front. */
  apis: readonly string[];
  /** True: requests need a login, and the page offers one. */
  login: boolean;
}

/**
 * The script that starts the page: a file of its own, so that the policy allows no inline script. The documents are
 * ours, whatever the address says; `?api=` names the one that is shown. A stream of events would never end in the page,
 * so such a route has no button to try it; its description says how to follow it.
 */
const startScript = ({ apis, login }: DocsPage): string => `window.addEventListener('load', () => {
  const apis = ${JSON.stringify(apis)};
  const wanted = new URLSearchParams(location.search).get('api');
  const isStream = (spec, path, method) => {
    const types = spec.getIn(['paths', path, method, 'responses', '200', 'content']);
    return Boolean(types) && types.size > 0 && types.every((_, type) => type === 'text/event-stream');
  };
  const nothing = () => () => null;
  const plugin = () => ({
    statePlugins: {
      spec: {
        wrapSelectors: {
          allowTryItOutFor: (original, system) => (state, path, method) =>
            !isStream(system.specSelectors.specJson(), path, method) && original(state, path, method),
        },
        wrapActions: {
          // Swagger UI asks for the logins as soon as it has a document, and goes through the whole of it for them.
          // They stand in it as they are, without a reference.
          requestResolvedSubtree: (original, system) => (path) => {
            const found = String(path) === 'components,securitySchemes' && system.specSelectors.specJson().getIn(path);
            return found ? system.specActions.updateResolvedSubtree(path, found.toJS()) : original(path);
          },
        },
      },
    },
    wrapComponents: ${login ? '{}' : '{ authorizeBtn: nothing, authorizeOperationBtn: nothing }'},
  });
  const ui = SwaggerUIBundle({
    urls: apis.map((api) => ({ name: api, url: '/docs-json?api=' + api })),
    'urls.primaryName': apis.includes(wanted) ? wanted : apis[0],
    dom_id: '#swagger-ui',
    deepLinking: true,
    filter: true,
    // The list of all schemas takes as long to draw as all routes.
    defaultModelsExpandDepth: 0,
    validatorUrl: null,
    queryConfigEnabled: false,
    persistAuthorization: false,
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
    plugins: [plugin],
    layout: 'StandaloneLayout',
  });
  ui.initOAuth({ scopeSeparator: ' ' });
});
`;

/** Serves Swagger UI at /docs under the policy of all pages. */
export function serveDocsPage(app: NestExpressApplication, settings: DocsPage): void {
  const server = app.getHttpAdapter().getInstance() as unknown as Express;
  const start = startScript(settings);
  const page = (_request: Request, response: Response): void => {
    response.setHeader('Content-Security-Policy', POLICY);
    response.type('text/html').send(PAGE);
  };
  for (const path of ['/docs', '/docs/']) server.get(path, page);
  server.get(
    '/docs/start.js',
    (_request: Request, response: Response) => void response.type('text/javascript').send(start),
  );
  for (const file of UI === '' ? [] : readdirSync(UI)) {
    server.get(`/docs/${file}`, (_request: Request, response: Response) =>
      response.sendFile(join(UI, file), { maxAge: 3_600_000 }),
    );
  }
}
