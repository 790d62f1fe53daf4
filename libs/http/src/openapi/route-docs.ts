/** A schema of the OpenAPI document, as JSON Schema 2020-12 has it. */
export type Schema = Record<string, unknown>;

/** A parameter of a route: its meaning, and a value with which the example of the route runs. */
export interface ParameterDocs {
  in?: 'path' | 'query' | 'header';
  description: string;
  example: unknown;
  schema?: Schema;
  /** True: a page of the document fills the example in although the parameter may be left out. */
  filledIn?: boolean;
  /** Default: true in a path, else what the route's decorators say. */
  required?: boolean;
}

/** A body: of a request or of an answer. */
export interface BodyDocs {
  /** Default `application/json`. */
  type?: string;
  schema: Schema;
  example?: unknown;
}

/** An answer. Without a body it has no content. */
export interface AnswerDocs {
  description: string;
  body?: BodyDocs | BodyDocs[];
}

/** The description of one route, beside what its decorators say. */
export interface RouteDocs {
  /** The name of the operation, by which generated clients call it. */
  id: string;
  /** Takes the place of the decorators' summary. */
  summary?: string;
  /** Stands in front of the decorators' description. */
  description?: string;
  parameters?: Record<string, ParameterDocs>;
  body?: BodyDocs & { required?: boolean };
  /** Answers by status. They take the place of what the decorators say of this status. */
  answers?: Record<number, AnswerDocs>;
  /** Statuses of refusals, in the form that the dialect gives them. */
  errors?: number[];
  /** True: nobody needs a login. Says it where the dialect's own guard decides. */
  open?: boolean;
  /** The spelling or method that is described, where the route answers several. Default: the first. */
  told?: { method?: string; path?: string };
  /** Says why the example cannot be run by itself. The test of all examples reads it from `x-drover-example`. */
  notRun?: string;
}

/** The description of a dialect: its own document is `/docs-json?api=<name>`. */
export interface DialectDocs {
  title: string;
  description: string;
  /** The tag that all its routes have. */
  tag: string;
  /** The form of a refusal with this status. */
  refusal: (status: number) => BodyDocs;
  /** Schemas by name, beside those of classes. */
  schemas?: Record<string, Schema>;
  /** Parameters by name, where a route says nothing of them. */
  parameters?: Record<string, ParameterDocs>;
  /** Routes by `Controller.method`. */
  routes: Record<string, RouteDocs>;
}
