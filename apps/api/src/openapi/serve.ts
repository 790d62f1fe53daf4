import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import type { Express, Request, Response } from 'express';
import { stringify } from 'yaml';
import { CONFIG, type Config } from '@drover/config';
import { invalid } from '@drover/domain';
import { serveDocsPage } from '@drover/http';
import metadata from '../metadata.js';
import { apisOf, documentOf } from './document.js';
import { partOf } from './parts.js';
import type { Document } from './types.js';

/**
 * Serves Swagger UI at /docs, and the documents at /docs-json and /docs-yaml: of everything, or with `?api=` of one
 * API. They are made when the first is asked for, and kept.
 */
export async function describeApi(app: NestExpressApplication): Promise<void> {
  await SwaggerModule.loadPluginMetadata(metadata);
  const config = app.get<Config>(CONFIG);
  const names = ['native', ...config.speaks];
  let whole: Promise<Document> | undefined;
  const texts = new Map<string, string>();
  const textOf = async (api: string | null, yaml: boolean): Promise<string> => {
    const key = `${yaml ? 'yaml' : 'json'} ${api ?? ''}`;
    let text = texts.get(key);
    if (text === undefined) {
      const document = await (whole ??= documentOf(app));
      const own = (await apisOf()).find(({ name }) => name === api);
      const part = own ? partOf(document, own) : document;
      text = yaml ? stringify(part, { aliasDuplicateObjects: false }) : JSON.stringify(part);
      texts.set(key, text);
    }
    return text;
  };
  const server = app.getHttpAdapter().getInstance() as unknown as Express;
  for (const yaml of [false, true]) {
    server.get(yaml ? '/docs-yaml' : '/docs-json', (request: Request, response: Response, next) => {
      const { api } = request.query;
      if (api !== undefined && !(typeof api === 'string' && names.includes(api))) {
        const message = `must be one of ${names.join(', ')}; leave it out for the document of everything`;
        next(invalid([{ field: 'api', message, value: String(api).slice(0, 40) }]));
        return;
      }
      textOf(api ?? null, yaml).then((text) => {
        response.type(yaml ? 'text/yaml' : 'application/json').send(text);
      }, next);
    });
  }
  serveDocsPage(app, { apis: names, login: config.auth !== 'none' });
}
