// Makes the types of the Python client (clients/python) from the native part of the OpenAPI document.
const HEAD = `# Generated from /docs-json by \`npm run gen\`. Do not edit.
"""The objects of the API, as they stand in JSON."""
from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict, Union

`;
const KEYWORDS = new Set(
  [
    'False None True and as assert async await break class continue def del elif else except finally for',
    'from global if import in is lambda nonlocal not or pass raise return try while with yield',
  ]
    .join(' ')
    .split(' '),
);
const WIDTH = 110;

/** The module of types. `schemas` are those of the native API by name. */
export function pythonSource(schemas) {
  const names = new Map();
  const taken = new Set(Object.keys(schemas).filter((name) => !name.endsWith('Dto')));
  for (const name of Object.keys(schemas)) {
    const short = name.replace(/Dto$/, '');
    names.set(name, short === name || !taken.has(short) ? short : name);
    taken.add(names.get(name));
  }
  const typeOf = (schema) => {
    if (schema.$ref) return names.get(schema.$ref.replace('#/components/schemas/', '')) ?? 'Any';
    if (schema.const !== undefined) return `Literal[${literal(schema.const)}]`;
    if (schema.enum) return `Literal[${schema.enum.map(literal).join(', ')}]`;
    const several = schema.oneOf ?? schema.anyOf;
    if (several) return union([...several.map(typeOf), ...(schema.nullable ? ['None'] : [])]);
    if (schema.allOf) return schema.allOf.length === 1 ? typeOf(schema.allOf[0]) : 'dict[str, Any]';
    if (Array.isArray(schema.type)) return union(schema.type.map((type) => typeOf({ ...schema, type })));
    switch (schema.type) {
      case 'string':
        return 'str';
      case 'integer':
        return 'int';
      case 'number':
        return 'float';
      case 'boolean':
        return 'bool';
      case 'null':
        return 'None';
      case 'array':
        return `list[${schema.items ? typeOf(schema.items) : 'Any'}]`;
      case 'object':
        return typeof schema.additionalProperties === 'object' && Object.keys(schema.additionalProperties).length > 0
          ? `dict[str, ${typeOf(schema.additionalProperties)}]`
          : 'dict[str, Any]';
      default:
        return 'Any';
    }
  };
  const aliases = [];
  const classes = [];
  for (const [name, schema] of Object.entries(schemas)) {
    const own = names.get(name);
    if (schema.properties) classes.push(classOf(own, schema, typeOf));
    else aliases.push(`${comment(schema.description, '')}${own} = ${quoted(typeOf(schema))}\n`);
  }
  return `${HEAD}${aliases.join('\n')}\n\n${classes.join('\n\n')}`;
}

function classOf(name, { properties, required = [], description }, typeOf) {
  const fields = Object.entries(properties).map(([field, schema]) => {
    const type = typeOf(schema);
    return { field, schema, type: required.includes(field) ? type : `NotRequired[${type}]` };
  });
  if (fields.some(({ field }) => KEYWORDS.has(field) || !/^[A-Za-z_]\w*$/.test(field))) {
    // A field with the name of a keyword can stand in no class.
    const lines = fields.map(
      ({ field, schema, type }) => `${comment(schema.description, '    ')}    ${literal(field)}: ${literal(type)},\n`,
    );
    return `${comment(description, '')}${name} = TypedDict(${literal(name)}, {\n${lines.join('')}})\n`;
  }
  const lines = fields.map(
    ({ field, schema, type }) => `${comment(schema.description, '    ')}    ${field}: ${type}\n`,
  );
  return `${comment(description, '')}class ${name}(TypedDict):\n${lines.join('') || '    pass\n'}`;
}

const literal = (value) =>
  value === null ? 'None' : value === true ? 'True' : value === false ? 'False' : JSON.stringify(value);
const union = (types) => [...new Set(types)].join(' | ');
/** An alias is evaluated where it stands: what it names may come later. */
const quoted = (type) =>
  type.includes(' | ')
    ? `Union[${type
        .split(' | ')
        .map((one) => (/^[A-Z]\w*$/.test(one) && one !== 'None' && one !== 'Any' ? literal(one) : one))
        .join(', ')}]`
    : type;

/** A text as comments of lines. */
function comment(text, indent) {
  if (!text) return '';
  const lines = [''];
  for (const word of text.replace(/\s+/g, ' ').trim().split(' ')) {
    if (lines.at(-1).length + word.length + 1 > WIDTH - indent.length) lines.push('');
    lines[lines.length - 1] += lines.at(-1) === '' ? word : ` ${word}`;
  }
  return lines.map((line) => `${indent}# ${line}\n`).join('');
}
