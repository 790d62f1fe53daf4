import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { DIALECT_NAMES } from '@drover/config';
import type { Access } from './access/access.js';
import { ApiModule } from './api.module.js';
import type { Core } from './core/core.js';
import metadata from './metadata.js';
import { documentOf } from './openapi.js';

/** The OpenAPI document without a database: Nest's preview mode makes no provider, so nothing of the core is touched. */
export async function describeWithoutCore(): Promise<OpenAPIObject> {
  await SwaggerModule.loadPluginMetadata(metadata);
  const nothing = { config: { speaks: DIALECT_NAMES } } as unknown;
  const app = await NestFactory.create<NestExpressApplication>(
    ApiModule.of(nothing as Core, nothing as Access, { canActivate: () => true }),
    { preview: true, logger: false, abortOnError: false },
  );
  return documentOf(app);
}
