import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import metadata from './metadata.js';

/** Swagger UI at /docs, the document at /docs-json and /docs-yaml; one tag a dialect. */
export async function describeApi(app: NestExpressApplication): Promise<void> {
  await SwaggerModule.loadPluginMetadata(metadata);
  const config = new DocumentBuilder()
    .setTitle('Drover')
    .setDescription('A queue-backed job broker with worker agents. One core, one native API, five dialects.')
    .setVersion('0.1.0')
    .addBearerAuth()
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, config), { jsonDocumentUrl: 'docs-json', yamlDocumentUrl: 'docs-yaml' });
}
