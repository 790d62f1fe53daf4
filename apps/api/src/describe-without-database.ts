import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import { DIALECTS, modulesOfDialects } from '@drover/dialects';
import { ApiModule } from './api.module.js';
import metadata from './metadata.js';
import type { Connections } from './modules/connections.js';
import { documentOf } from './openapi/document.js';
import type { Document } from './openapi/types.js';

/** The OpenAPI document without a database: Nest's preview mode makes no provider, so nothing is opened. */
export async function describeWithoutDatabase(): Promise<Document> {
  await SwaggerModule.loadPluginMetadata(metadata);
  const dialects = await modulesOfDialects(DIALECTS.map(({ name }) => name));
  const nothing = { config: {} } as unknown;
  const app = await NestFactory.create<NestExpressApplication>(ApiModule.of(nothing as Connections, dialects), {
    preview: true,
    logger: false,
    abortOnError: false,
  });
  return documentOf(app);
}
