/** A schema of the OpenAPI document, as much of it as a form needs. */
export interface Schema {
  type?: string;
  format?: string;
  description?: string;
  enum?: readonly string[];
  required?: readonly string[];
  items?: Schema;
  oneOf?: readonly Schema[];
  additionalProperties?: Schema;
  properties?: Readonly<Record<string, Schema>>;
}

/** A value that a field can have, with its path: `limits.runtime_s`, `webhooks.*.url` for each element of a list. */
export interface Leaf {
  path: string;
  schema: Schema;
}

/** The form of a value: of several, the one with parts of its own. */
const shapeOf = (schema: Schema): Schema => schema.oneOf?.find(({ properties }) => properties) ?? schema;

/** All values of an object, those of inner objects by themselves. */
export function leavesOf({ properties = {} }: Schema, within = ''): Leaf[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const path = `${within}${name}`;
    const shape = shapeOf(schema);
    if (shape.properties) return leavesOf(shape, `${path}.`);
    if (shape.items && shapeOf(shape.items).properties) return leavesOf(shapeOf(shape.items), `${path}.*.`);
    return [{ path, schema }];
  });
}
