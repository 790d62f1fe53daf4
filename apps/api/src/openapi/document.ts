import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { ABILITIES, ABILITY_ABOUT } from '@drover/access';
import { VERSION } from '@drover/config';
import { DIALECTS } from '@drover/dialects';
import { routesOf } from '@drover/http';
import { Describer, type ApiDocs } from './describer.js';
import { nativeDocs } from './native-docs.js';
import { NATIVE_TAGS } from './native-texts.js';
import { polish } from './polish.js';
import type { Document } from './types.js';

const DESCRIPTION = `A queue-backed job broker with worker agents: one core, one native API (\`/api/v1\`), and the job APIs of five other programs.

Errors of the native API are problem+json (RFC 9457) with \`code\` for programs, \`detail\` for people and, for bad input, \`errors\` with the field, its fault and the remedy. Every answer has an \`X-Request-Id\`.

\`/docs-json\` is the document of everything, \`/docs-json?api=native\` that of the native API alone, \`/docs-json?api=fastlane\` that of one other API, and so on; \`/docs-yaml\` takes the same.`;

/** The OpenAPI document of the whole API. `loadPluginMetadata` must have run. */
export async function documentOf(app: NestExpressApplication): Promise<Document> {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Drover')
    .setDescription(DESCRIPTION)
    .setVersion(VERSION)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/', 'The server that gave this document')
    .addOAuth2(
      {
        type: 'oauth2',
        description:
          'Gets a token for a client id and its key. An admin makes clients with `drover clients create`. With `DROVER_AUTH=none` nobody needs one.',
        flows: {
          clientCredentials: {
            tokenUrl: '/v1/oauth2/token',
            scopes: Object.fromEntries(ABILITIES.map((ability) => [ability, ABILITY_ABOUT[ability]])),
          },
        },
      },
      'login',
    )
    .addBearerAuth(
      {
        type: 'http',
        scheme: 'bearer',
        description: 'An access token of `POST /v1/oauth2/token`. With `DROVER_AUTH=none` nobody needs one.',
      },
      'bearer',
    )
    .addBasicAuth({ type: 'http', scheme: 'basic', description: 'A client id and its key' }, 'basic');
  for (const [name, description] of NATIVE_TAGS) config.addTag(name, description);
  const document = SwaggerModule.createDocument(app, config.build()) as unknown as Document;
  const apis = await apisOf();
  const told = new Set(
    Object.values(document.paths).flatMap((item) => Object.values(item).flatMap(({ tags }) => tags)),
  );
  const spoken = apis.filter(({ name, docs }) => name === 'native' || told.has(docs.tag));
  for (const { name, docs } of spoken)
    if (name !== 'native') document.tags.push({ name: docs.tag, description: docs.description });
  polish(document);
  new Describer(routesOf(app), spoken).describe(document);
  return document;
}

/** Every API with its descriptions, the native one first. */
export const apisOf = async (): Promise<ApiDocs[]> => [
  { name: 'native', docs: nativeDocs },
  ...(await Promise.all(DIALECTS.map(async ({ name, docs }) => ({ name, docs: await docs() })))),
];
