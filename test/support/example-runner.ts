import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { exampleOf, exampleOfParameter, type Document, type Operation, type Route } from './openapi.js';

/** Values that a test puts in the place of the examples' ones, by the names of parameters; `body`: the whole body. */
export type Given = Record<string, unknown>;

/** Parameters that cannot stand alone, or not beside another. */
export interface Together {
  /** A parameter, and the one that it needs. */
  needs?: Record<string, string>;
  /** A parameter, and the one that it takes the place of. */
  replaces?: Record<string, string>;
  /** True: its answer is a stream without an end, of which the beginning is read. */
  endless?: boolean;
}

type Parameter = NonNullable<Operation['parameters']>[number];

const LIMIT_MS = 20_000;
/** A tar.gz of nothing, for the routes that take an archive. */
const ARCHIVE = Buffer.from('H4sIAAAAAAAAA2NgGAWjYBSMglEwUgEA6kbhYQAEAAA=', 'base64');

/** Sends the examples of a document to a server, and holds each answer against what the document says. */
export class ExampleRunner {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });

  constructor(
    private readonly url: string,
    private readonly document: Document,
  ) {
    addFormats.default(this.ajv);
    this.ajv.addSchema({ ...document, $id: 'doc' });
  }

  /**
   * The example of a route as it stands, and once more for each parameter that may be left out, with the example of
   * this one. Gives what is wrong, a sentence each.
   */
  async run(
    route: Route,
    given: () => Promise<Given>,
    headers: Record<string, string> = {},
    { needs = {}, replaces = {}, endless = false }: Together = {},
  ): Promise<string[]> {
    const parameters = route.operation.parameters ?? [];
    const optional = parameters.filter(({ example }) => example === undefined);
    const faults: string[] = [];
    for (const more of [undefined, ...optional]) {
      const name = more?.name ?? '';
      const sent = parameters.filter(
        (one) => one === more || one.name === needs[name] || (one.example !== undefined && one.name !== replaces[name]),
      );
      const fault = await this.one(route, sent, await given(), headers, endless);
      if (fault !== null)
        faults.push(
          `${route.method} ${route.path} (${route.operation.operationId})${more ? ` with ${more.name}` : ''}: ${fault}`,
        );
    }
    return faults;
  }

  private async one(
    { method, path, operation }: Route,
    parameters: Parameter[],
    given: Given,
    own: Record<string, string>,
    endless: boolean,
  ): Promise<string | null> {
    let address = path;
    const query = new URLSearchParams();
    const headers: Record<string, string> = { ...own };
    for (const parameter of parameters) {
      const { name } = parameter;
      const values = [given[name] ?? exampleOfParameter(parameter)].flat().map(String);
      if (parameter.in === 'path') address = address.replace(`{${name}}`, values.map(escaped).join('/'));
      else if (parameter.in === 'header') headers[name] = values.join(', ');
      else for (const value of values) query.append(name, value);
    }
    const [type, media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
    const body =
      type === undefined || media === undefined
        ? undefined
        : bodyOf(type, given['body'] ?? exampleOf(this.document, media));
    if (type !== undefined && type !== 'multipart/form-data') headers['Content-Type'] = type;
    const gone = new AbortController();
    const timer = setTimeout(() => gone.abort(), LIMIT_MS);
    try {
      const answer = await fetch(`${this.url}${address}${query.size > 0 ? `?${query}` : ''}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
        signal: gone.signal,
        redirect: 'manual',
      });
      return await this.judge(path, method.toLowerCase(), operation, answer, endless);
    } finally {
      clearTimeout(timer);
      gone.abort();
    }
  }

  private async judge(
    path: string,
    method: string,
    operation: Operation,
    answer: Response,
    endless: boolean,
  ): Promise<string | null> {
    const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? '';
    if (type === 'text/event-stream' && answer.ok) {
      if (endless) await answer.body?.getReader().read();
      else await answer.text();
      const known = operation.responses['200']?.content ?? {};
      return type in known ? null : 'is a stream of events, which the document does not say';
    }
    const text = await answer.text();
    // A part of what was asked for is a success with a status of its own.
    const status = answer.status === 206 ? 200 : answer.status;
    if (!answer.ok) return `${answer.status} ${text.slice(0, 300)}`;
    const described = operation.responses[status];
    if (described === undefined) return `${answer.status}, which the document does not know`;
    if (described.content === undefined) return text === '' ? null : `a body, which the document does not know`;
    if (!(type in described.content)) {
      const binary = 'application/octet-stream' in described.content;
      return binary ? null : `${type}, and the document says ${Object.keys(described.content).join(', ')}`;
    }
    if (!/json/.test(type)) return null;
    const pointer = ['paths', path, method, 'responses', String(status), 'content', type, 'schema'];
    const valid = this.ajv.validate({ $ref: `doc#/${pointer.map(pointed).join('/')}` }, JSON.parse(text));
    return valid ? null : `${this.ajv.errorsText(this.ajv.errors?.slice(0, 4))} in ${text.slice(0, 300)}`;
  }
}

const escaped = (value: string): string => value.split('/').map(encodeURIComponent).join('/');
const pointed = (part: string): string =>
  encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')).replaceAll('%7E', '~');

function bodyOf(type: string, value: unknown): string | FormData {
  if (type === 'multipart/form-data') {
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(ARCHIVE)], { type: 'application/gzip' }), 'archive.tar.gz');
    return form;
  }
  if (type === 'application/x-www-form-urlencoded')
    return new URLSearchParams(value as Record<string, string>).toString();
  return type === 'text/plain' ? String(value) : JSON.stringify(value);
}
