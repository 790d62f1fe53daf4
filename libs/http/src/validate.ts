import 'reflect-metadata';
import { getMetadataStorage, type ValidationArguments } from 'class-validator';
import { invalid, LongWork, type FieldFault } from '@drover/domain';
import { closest } from './closest.js';
import { faultOf, shown } from './fault.js';
import { nestedTypeOf } from './fields.js';

/*
 * class-validator's decorators, compiled once a class into plain checks. Its own executor makes promises, groups and
 * error trees for each object: on the reference machine 90 us for a small job, a third of the whole request. What is
 * checked is the same; see validate.test.ts.
 */

type Constructor = abstract new () => object;

interface Check {
  name: string;
  args: unknown[];
  each: boolean;
  message: unknown;
  validate(value: unknown, args: ValidationArguments): unknown;
}

interface Field {
  optional: boolean;
  checks: Check[];
  nested: { of: () => Shape; each: boolean } | null;
  /** The declared type, by which texts of a query are read. */
  type: unknown;
}

interface Shape {
  target: string;
  fields: Map<string, Field>;
  names: string[];
}

/** At most this many faults are told at once. */
const MAX_FAULTS = 20;
const shapes = new Map<Constructor, Shape>();

/** Checks a JSON body against a class; unknown fields are refused. Returns the body itself. Throws `invalid`. */
export function validateBody<T extends object>(type: abstract new () => T, body: unknown): T {
  const faults: FieldFault[] = [];
  checkObject(shapeOf(type), body, '', faults);
  if (faults.length > 0) throw invalid(faults);
  return body as T;
}

/** A list of more objects than this is checked in pieces. */
const LONG = 200;

/** A list whose objects are checked later, piece by piece. */
interface Later {
  shape: Shape;
  items: unknown[];
  path: string;
}

/**
 * Validates a body with a long list of objects, like validateBody; between two pieces of it other requests have their
 * turn.
 */
export async function validateLong<T extends object>(type: abstract new () => T, body: unknown): Promise<T> {
  const faults: FieldFault[] = [];
  const later: Later[] = [];
  const pieces = new LongWork();
  checkObject(shapeOf(type), body, '', faults, later);
  for (const { shape, items, path } of later) {
    for (let at = 0; at < items.length && faults.length < MAX_FAULTS; at += 1) {
      if (pieces.isDue()) await pieces.turn();
      checkObject(shape, items[at], `${path}.${at}`, faults);
    }
  }
  if (faults.length > 0) throw invalid(faults);
  return body as T;
}

/** The same for a query string: its texts become numbers, booleans and lists, as the class declares them. */
export function validateQuery<T extends object>(type: abstract new () => T, query: Record<string, unknown>): T {
  const shape = shapeOf(type);
  const faults: FieldFault[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, given] of Object.entries(query)) values[key] = coerce(key, given, shape.fields.get(key), faults);
  if (faults.length === 0) checkObject(shape, values, '', faults);
  if (faults.length > 0) throw invalid(faults);
  return values as T;
}

function checkObject(shape: Shape, value: unknown, path: string, faults: FieldFault[], later?: Later[]): void {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    faults.push({
      field: path,
      message: path === '' ? 'the body must be a JSON object' : 'must be a JSON object',
      ...shown(value),
    });
    return;
  }
  const object = value as Record<string, unknown>;
  const prefix = path === '' ? '' : `${path}.`;
  for (const key in object) {
    if (shape.fields.has(key)) continue;
    const meant = closest(key, shape.names);
    faults.push({
      field: `${prefix}${key.slice(0, 100)}`,
      message: meant
        ? `is not a field here; did you mean "${meant}"?`
        : `is not a field here; the fields are ${shape.names.join(', ')}`,
    });
    if (faults.length >= MAX_FAULTS) return;
  }
  for (const [key, field] of shape.fields) {
    const inner = object[key];
    if (inner === undefined || inner === null) {
      if (!field.optional)
        faults.push({
          field: prefix + key,
          message: inner === null ? 'must not be null; give a value' : 'is missing; give it',
        });
    } else {
      checkField(field, object, key, inner, prefix + key, faults, later);
    }
    if (faults.length >= MAX_FAULTS) return;
  }
}

function checkField(
  field: Field,
  object: object,
  key: string,
  value: unknown,
  path: string,
  faults: FieldFault[],
  later?: Later[],
): void {
  for (const check of field.checks) {
    const args: ValidationArguments = { value, constraints: check.args, targetName: '', object, property: key };
    if (!check.each) {
      if (check.validate(value, args)) continue;
      faults.push({ field: path, message: faultOf(check), ...shown(value) });
      return;
    }
    if (!Array.isArray(value)) continue;
    for (const [index, item] of value.entries()) {
      if (check.validate(item, args)) continue;
      faults.push({ field: `${path}.${index}`, message: faultOf(check), ...shown(item) });
      return;
    }
  }
  if (!field.nested) return;
  if (!field.nested.each) {
    checkObject(field.nested.of(), value, path, faults);
    return;
  }
  if (later && (value as unknown[]).length > LONG) {
    later.push({ shape: field.nested.of(), items: value as unknown[], path });
    return;
  }
  for (const [index, item] of (value as unknown[]).entries()) {
    checkObject(field.nested.of(), item, `${path}.${index}`, faults);
    if (faults.length >= MAX_FAULTS) return;
  }
}

function shapeOf(type: Constructor): Shape {
  const known = shapes.get(type);
  if (known) return known;
  const fields = new Map<string, Field>();
  const storage = getMetadataStorage();
  for (const metadata of storage.getTargetValidationMetadatas(type, '', true, false)) {
    const key = metadata.propertyName;
    const field = fields.get(key) ?? {
      optional: false,
      checks: [],
      nested: null,
      type: Reflect.getMetadata('design:type', type.prototype, key) as unknown,
    };
    fields.set(key, field);
    if (metadata.type === 'conditionalValidation') field.optional = true;
    else if (metadata.type === 'nestedValidation') field.nested = nestedOf(type, key, metadata.each);
    else if (metadata.type === 'customValidation') {
      for (const constraint of storage.getTargetValidatorConstraints(metadata.constraintCls)) {
        const { instance } = constraint;
        field.checks.push({
          name: metadata.name ?? constraint.name,
          args: (metadata.constraints as unknown[] | undefined) ?? [],
          each: metadata.each,
          message: metadata.message,
          validate: (value, args) => instance.validate(value, args),
        });
      }
    } else if (metadata.type !== 'whitelistValidation')
      throw new Error(`${type.name}.${key}: ${metadata.type} is not compiled; use another decorator`);
  }
  // Decorators run from the last line to the first: the first one written is the first one told.
  for (const field of fields.values()) field.checks.reverse();
  const shape = { target: type.name, fields, names: [...fields.keys()] };
  shapes.set(type, shape);
  return shape;
}

function nestedOf(type: Constructor, key: string, each: boolean): Field['nested'] {
  const nested = nestedTypeOf(type.prototype as object, key);
  if (!nested) throw new Error(`${type.name}.${key}: use @Nested(() => Class) instead of @ValidateNested()`);
  return { of: () => shapeOf(nested()), each };
}

function coerce(key: string, given: unknown, field: Field | undefined, faults: FieldFault[]): unknown {
  if (!field) return given;
  const list = (Array.isArray(given) ? given : [given]).map(String);
  if (list.some((text) => text.includes('\u0000'))) {
    faults.push({ field: key, message: 'holds a NUL character; remove it' });
    return undefined;
  }
  if (field.type === Array) return list.flatMap((text) => text.split(',')).filter((text) => text !== '');
  if (list.length > 1) {
    faults.push({ field: key, message: `is given ${list.length} times; give it once` });
    return undefined;
  }
  const text = list[0] ?? '';
  if (field.type === Number) return /^-?\d{1,18}(\.\d{1,9})?$/.test(text) ? Number(text) : text;
  if (field.type === Boolean)
    return text === 'true' || text === '1' || text === '' ? true : text === 'false' || text === '0' ? false : text;
  return text;
}
