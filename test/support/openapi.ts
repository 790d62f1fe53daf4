/** A schema, as JSON Schema 2020-12 has it. */
export type Schema = Record<string, unknown>;

/** One content type of a body. */
export interface Media {
  schema?: Schema;
  example?: unknown;
}

/** One method of one path of a document. */
export interface Operation {
  operationId: string;
  summary?: string;
  description?: string;
  tags?: string[];
  parameters?: {
    name: string;
    in: string;
    required?: boolean;
    description?: string;
    example?: unknown;
    schema?: Schema;
  }[];
  requestBody?: { required?: boolean; content: Record<string, Media> };
  responses: Record<string, { description: string; content?: Record<string, Media> }>;
  security?: Record<string, string[]>[];
  'x-drover-api'?: string;
  'x-drover-example'?: string;
}

/** Our OpenAPI document, as tests look at it. */
export interface Document {
  openapi: string;
  info: { title: string };
  tags: { name: string; description?: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** A route of a document. */
export interface Route {
  method: string;
  path: string;
  operation: Operation;
}

/** Every route of a document. */
export const routesOfDocument = (document: Document): Route[] =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );

/** The example of a body: its own, or that of the schema it names. */
export function exampleOf(document: Document, media: Media): unknown {
  if (media.example !== undefined) return media.example;
  const name = /^#\/components\/schemas\/(.+)$/.exec(String(media.schema?.['$ref']))?.[1];
  return name === undefined ? media.schema?.['example'] : document.components.schemas[name]?.['example'];
}

/** The example of a parameter: of one that may be left out it stands in the schema, so that no page fills it in. */
export const exampleOfParameter = ({ example, schema }: { example?: unknown; schema?: Schema }): unknown =>
  example === undefined ? (schema?.['examples'] as unknown[] | undefined)?.[0] : example;

const isBinary = (media: Media): boolean => JSON.stringify(media.schema ?? {}).includes('"format":"binary"');

/** Everything that the description of a route lacks, each as a sentence with the name of the route. */
export function lacksOf(document: Document): string[] {
  const ids = new Map<string, string>();
  return routesOfDocument(document).flatMap(({ method, path, operation }) => {
    const name = `${method} ${path}`;
    const lacks: string[] = [];
    const demand = (is: unknown, what: string): void => {
      if (!is) lacks.push(`${name} ${what}`);
    };
    demand(/^[a-z][a-zA-Z]+$/.test(operation.operationId), `has no speaking operation id: ${operation.operationId}`);
    demand(!ids.has(operation.operationId), `has the operation id of ${ids.get(operation.operationId)}`);
    ids.set(operation.operationId, name);
    demand(/^[A-Z][^\n]{7,99}$/.test(operation.summary ?? ''), 'has no summary of 8 to 100 characters');
    demand(!/^the same\b/i.test(operation.summary ?? ''), 'has a summary that does not stand alone');
    demand((operation.description ?? '').length >= 10, 'has no description');
    demand(operation.tags?.length === 1, 'has not exactly one tag');
    demand(
      document.tags.find((tag) => tag.name === operation.tags?.[0])?.description,
      'has a tag without a description',
    );
    demand(operation.security !== undefined, 'does not say who may call it');
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
    for (const parameter of inPath)
      demand(
        operation.parameters?.some((one) => one.in === 'path' && one.name === parameter),
        `does not declare its parameter ${parameter}`,
      );
    for (const parameter of operation.parameters ?? []) {
      demand(parameter.description, `has a parameter ${parameter.name} without a description`);
      demand(exampleOfParameter(parameter) !== undefined, `has a parameter ${parameter.name} without an example`);
    }
    for (const [type, media] of Object.entries(operation.requestBody?.content ?? {}))
      demand(isBinary(media) || exampleOf(document, media) !== undefined, `has a body ${type} without an example`);
    const answers = Object.entries(operation.responses);
    demand(
      answers.some(([status]) => status.startsWith('2')),
      'has no answer for a success',
    );
    if (!/^\/(livez|readyz)$/.test(path))
      demand(
        answers.some(([status]) => status === '429'),
        'has no answer 429',
      );
    if (operation.security?.length) {
      demand('401' in operation.responses, 'needs a login and has no answer 401');
      // Whoever logs in gets a token: nothing more is asked there.
      demand(path === '/v1/oauth2/token' || '403' in operation.responses, 'needs a login and has no answer 403');
    }
    // The dialects answer faults as their clients know them.
    if (path.startsWith('/api/v1/')) {
      demand(inPath.length === 0 || '404' in operation.responses, 'names an object and has no answer 404');
      const takesInput = operation.requestBody !== undefined || operation.parameters?.some((one) => one.in === 'query');
      demand(!takesInput || '422' in operation.responses, 'takes input and has no answer 422');
    }
    for (const [status, answer] of answers) {
      demand(answer.description, `has an answer ${status} without a description`);
      for (const media of Object.values(answer.content ?? {}))
        demand(media.schema, `has an answer ${status} without a schema`);
      if (status >= '400') demand(answer.content, `has a refusal ${status} without a body`);
    }
    return lacks;
  });
}
