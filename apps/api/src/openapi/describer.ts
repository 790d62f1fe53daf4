import type { AnswerDocs, BodyDocs, DeclaredRoute, DialectDocs, ParameterDocs, RouteDocs } from '@drover/http';
import type { Answer, Content, Document, Operation } from './types.js';

/** The documents of one of the APIs that the program speaks. */
export interface ApiDocs {
  /** `native`, or the name of a dialect. */
  name: string;
  docs: DialectDocs;
}

interface Told {
  path: string;
  method: string;
  operation: Operation;
}

/** Puts what the tables of `docs` say of routes into a document that was made from decorators. */
export class Describer {
  private readonly routes: Map<string, DeclaredRoute>;

  constructor(
    routes: readonly DeclaredRoute[],
    private readonly apis: readonly ApiDocs[],
  ) {
    this.routes = new Map(routes.map((route) => [route.handler, route]));
  }

  /** Describes every operation, each once: further spellings and methods of a route are taken out of the paths. */
  describe(document: Document): void {
    const byHandler = new Map<string, Told[]>();
    for (const [path, item] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(item)) {
        const handler = this.handlerOf(operation.operationId);
        byHandler.set(handler, [...(byHandler.get(handler) ?? []), { path, method, operation }]);
      }
    }
    for (const [handler, told] of byHandler) {
      const api = this.apis.find(({ docs }) => told[0]?.operation.tags.includes(docs.tag)) ?? this.apis[0];
      if (!api) throw new Error('There is no API to describe.');
      const docs = api.docs.routes[handler];
      const one = this.once(document, told, docs?.told ?? {});
      one.operation['x-drover-api'] = api.name;
      if (docs) apply(one.operation, docs, api.docs);
      for (const { name, example, schema } of one.operation.parameters ?? []) {
        const common = api.docs.parameters?.[name];
        if (common && example === undefined && schema?.['examples'] === undefined)
          describeParameter(one.operation, name, common);
      }
      this.secure(one.operation, handler, docs, api);
      sayHowToFollow(one);
    }
    for (const told of byHandler.values()) for (const { operation } of told) describeCallbacks(operation);
    for (const { docs } of this.apis) Object.assign(document.components.schemas, docs.schemas ?? {});
    for (const [path, item] of Object.entries(document.paths))
      if (Object.keys(item).length === 0) delete document.paths[path];
  }

  /** The handler of an operation id that Nest has made: `Controller_method`, `…[1]` or `…_post`. */
  private handlerOf(id: string): string {
    const plain = id.replace(/\[\d+\]/, '').replace('_', '.');
    return this.routes.has(plain) ? plain : plain.replace(/_[a-z]+$/, '');
  }

  /** Keeps one of the spellings and methods of a route. The others of the same method are named in its description. */
  private once(document: Document, told: Told[], wanted: { method?: string; path?: string }): Told {
    const chosen =
      told.find(({ path, method }) => (wanted.path ?? path) === path && (wanted.method ?? method) === method) ??
      (told[0] as Told);
    const others = told.filter((one) => one !== chosen);
    for (const { path, method } of others) delete document.paths[path]?.[method];
    const spellings = others.filter(({ path, method }) => method === chosen.method && !path.includes('{rest}'));
    if (spellings.length > 0)
      add(chosen.operation, `Also spelled ${spellings.map(({ path }) => `\`${path}\``).join(', ')}.`);
    return chosen;
  }

  /** Says who may call a route, by its mark, and how it refuses everybody else. */
  private secure(operation: Operation, handler: string, docs: RouteDocs | undefined, api: ApiDocs): void {
    const { demand, path = '' } = this.routes.get(handler) ?? {};
    // Every client, and every address without a login, is held to a rate. Health is seen while others are held back.
    if (!/^\/(livez|readyz)$/.test(path)) refuse(operation, api.docs, 429);
    if (demand?.of === 'open' || docs?.open) {
      operation.security ??= [];
      return;
    }
    const abilities = demand === undefined ? ['admin'] : demand.of === 'dialect' ? (demand.ours ?? []) : demand.of;
    operation.security = [
      ...(abilities.length === 0 ? [{ login: [] }] : abilities.map((ability) => ({ login: [ability] }))),
      { bearer: [] },
    ];
    for (const status of [401, 403]) refuse(operation, api.docs, status);
    if (demand?.openable !== undefined)
      add(operation, `Open to all where \`DROVER_AUTH_OPEN\` names \`${demand.openable}\`.`);
  }
}

/** A webhook is called by us: it asks for nothing that the receiver does not demand by itself. */
function describeCallbacks(operation: Operation): void {
  for (const callback of Object.values(operation.callbacks ?? {}))
    for (const called of Object.values(callback).flatMap((item) => Object.values(item))) {
      called.operationId = 'webhook';
      called.summary = 'Tells a webhook what has happened to a job';
      called.security = [];
      called.responses['4XX'] = { description: 'Refused; it is tried again' };
    }
}

/** Says how a stream of events is followed: a page of the document would show nothing before its end. */
function sayHowToFollow({ path, operation }: Told): void {
  if (!('text/event-stream' in (operation.responses['200']?.content ?? {}))) return;
  const parameters = operation.parameters ?? [];
  const filled = parameters.reduce(
    (all, { name, in: place, example }) => (place === 'path' ? all.replace(`{${name}}`, String(example)) : all),
    path,
  );
  const needed = parameters.filter((one) => one.in === 'query' && (one.required === true || one.name === 'follow'));
  const query = new URLSearchParams(
    Object.fromEntries(needed.map(({ name, example }) => [name, String(example ?? true)])),
  ).toString();
  const address = `http://127.0.0.1:8080${filled}${query === '' ? '' : `?${query}`}`;
  add(
    operation,
    `Follow it with \`curl -N -H 'Accept: text/event-stream' '${address}'\`, or with an \`EventSource\` in a browser.`,
  );
}

function add(operation: Operation, sentence: string): void {
  operation.description = operation.description ? `${operation.description}\n\n${sentence}` : sentence;
}

function apply(operation: Operation, route: RouteDocs, docs: DialectDocs): void {
  operation.operationId = route.id;
  if (route.summary !== undefined) operation.summary = route.summary;
  if (route.description !== undefined)
    operation.description = [route.description, operation.description].filter(Boolean).join('\n\n');
  if (route.notRun !== undefined) operation['x-drover-example'] = route.notRun;
  for (const [name, parameter] of Object.entries(route.parameters ?? {})) describeParameter(operation, name, parameter);
  if (route.body) operation.requestBody = { required: route.body.required ?? true, content: contentOf([route.body]) };
  for (const [status, answer] of Object.entries(route.answers ?? {})) {
    const known = operation.responses[status]?.content;
    operation.responses[status] = answerOf(answer);
    keepExamples(operation.responses[status].content, known);
  }
  // Nest adds the status of a success by itself, also where the handler answers with another.
  for (const status of Object.keys(operation.responses))
    if (route.answers && status.startsWith('2') && !(status in route.answers)) delete operation.responses[status];
  for (const status of route.errors ?? []) refuse(operation, docs, status);
}

/**
 * A required parameter's example is what a page of the document fills in. One that may be left out has its example in
 * its schema, where it is shown and not filled in: the example of a route is the route without it.
 */
function describeParameter(operation: Operation, name: string, docs: ParameterDocs): void {
  operation.parameters ??= [];
  let known = operation.parameters.find((one) => one.name === name);
  if (!known) operation.parameters.push((known = { name, in: docs.in ?? 'query' }));
  known.description ??= docs.description;
  if (known.in === 'path' || docs.required !== undefined) known.required = docs.required ?? true;
  known.schema = docs.schema ?? known.schema ?? { type: 'string' };
  if (known.required || docs.filledIn) known.example = docs.example;
  else known.schema = { ...known.schema, examples: [docs.example] };
}

const contentOf = (bodies: readonly BodyDocs[]): Content =>
  Object.fromEntries(
    bodies.map(({ type = 'application/json', schema, example }) => [
      type,
      { schema, ...(example === undefined ? {} : { example }) },
    ]),
  );

function answerOf({ description, body }: AnswerDocs): Answer {
  return body === undefined ? { description } : { description, content: contentOf([body].flat()) };
}

/** The example that the decorators give, where the tables have none. */
function keepExamples(content: Content | undefined, known: Content | undefined): void {
  for (const [type, media] of Object.entries(content ?? {})) {
    const example = known?.[type]?.example ?? known?.[type]?.schema?.['example'];
    if (example !== undefined) media.example ??= example;
  }
}

const REASONS: Record<number, string> = {
  400: 'The request cannot be understood',
  401: 'A login is needed, or the token is no good',
  403: 'The client may not do this',
  404: 'There is no such object',
  409: 'The object is in a state that does not allow it',
  413: 'The body is too large',
  422: 'A field has a value that does not fit',
  429: 'Too many requests',
  500: 'The server has failed',
  503: 'The database does not answer at the moment',
};

/** Describes a refusal in the form of its API. A description and a body that the decorators give are kept. */
function refuse(operation: Operation, { refusal }: DialectDocs, status: number): void {
  const known = operation.responses[status];
  const { type, schema, example } = refusal(status);
  const content = { [type ?? 'application/json']: { schema, ...(example === undefined ? {} : { example }) } };
  operation.responses[status] = {
    description: known?.description || (REASONS[status] ?? 'Refused'),
    content: known?.content ?? content,
  };
}
