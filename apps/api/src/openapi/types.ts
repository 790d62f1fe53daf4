import type { Schema } from '@drover/http';

/** A parameter, as the document has it. */
interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  example?: unknown;
  schema?: Schema;
}

/** A body by content type. */
export type Content = Record<string, { schema?: Schema; example?: unknown; examples?: unknown }>;

/** An answer, as the document has it. */
export interface Answer {
  description: string;
  content?: Content;
  headers?: Record<string, object>;
}

/** One method of one path. */
export interface Operation {
  operationId: string;
  summary?: string;
  description?: string;
  tags: string[];
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Content };
  responses: Record<string, Answer>;
  security?: Record<string, string[]>[];
  callbacks?: Record<string, Record<string, Record<string, Operation>>>;
  'x-drover-api'?: string;
  'x-drover-example'?: string;
}

/** The part of OpenAPI that our document uses. */
export interface Document {
  openapi: string;
  info: { title: string; description?: string };
  tags: { name: string; description?: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; securitySchemes: Record<string, object> } & Record<string, unknown>;
}
