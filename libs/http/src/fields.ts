import 'reflect-metadata';
import { ValidateBy, ValidateNested, type ValidationOptions } from 'class-validator';
import { isQueueName } from '@drover/config';
import { isUuid } from '@drover/jobs';

/*
 * Validators that class-validator does not bring, in the same form. The message of each says what would be right; a
 * field's name goes before it.
 */

const NESTED = Symbol('class of a nested field');

/** An object (or a list of objects, with `each`) of another class. */
export function Nested(type: () => abstract new () => object, options: { each?: boolean } = {}): PropertyDecorator {
  return (target, key) => {
    Reflect.defineMetadata(NESTED, type, target, key);
    ValidateNested(options)(target, key);
  };
}

/** The class a field was declared with by `Nested`. */
export function nestedTypeOf(prototype: object, key: string): (() => abstract new () => object) | undefined {
  return Reflect.getMetadata(NESTED, prototype, key) as (() => abstract new () => object) | undefined;
}

const field = (
  name: string,
  message: string,
  validate: (value: unknown) => boolean,
  options?: ValidationOptions,
): PropertyDecorator =>
  ValidateBy({ name, validator: { validate, defaultMessage: () => message } }, { message, ...options });

const plainObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** A point in time with its zone. */
export function IsInstant(): PropertyDecorator {
  return field(
    'isInstant',
    'must be a time in ISO 8601 with its zone, e.g. "2030-01-31T08:00:00Z" or "2030-01-31T10:00:00+02:00"',
    (value) => typeof value === 'string' && isInstant(value),
  );
}

/** A point in time, or so long ago. */
export function IsMoment(): PropertyDecorator {
  return field(
    'isMoment',
    'must be a time with its zone, e.g. "2030-01-31T08:00:00Z", or how long ago it was, e.g. "90s", "15m", "2h", "7d"',
    (value) => typeof value === 'string' && momentOf(value, 0) !== null,
  );
}

const UNITS_S: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };

/**
 * The time that a text names: RFC 3339, or a whole number of s, m, h, d or w before `now`, 1970 at the earliest. Null:
 * it names none.
 */
export function momentOf(text: string, now = Date.now()): Date | null {
  const ago = /^(\d{1,6})([smhdw])$/.exec(text);
  if (ago) return new Date(Math.max(0, now - Number(ago[1]) * (UNITS_S[ago[2] as string] as number) * 1_000));
  return isInstant(text) ? new Date(text) : null;
}

const isInstant = (value: string): boolean =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/.test(value) && !Number.isNaN(Date.parse(value));

/** A text for the shell, or a list of arguments. */
export function IsCommand(): PropertyDecorator {
  return field(
    'isCommand',
    'must be a text (run by /bin/sh -c) or a list of texts (a program and its arguments), not empty',
    (value) =>
      (typeof value === 'string' && value.trim() !== '') ||
      (Array.isArray(value) &&
        value.length > 0 &&
        value.length <= 10_000 &&
        value.every((part) => typeof part === 'string') &&
        value[0] !== ''),
  );
}

export function IsQueueName(options?: ValidationOptions): PropertyDecorator {
  return field(
    'isQueueName',
    'must be a queue name: 1 to 200 characters without spaces, commas and "="',
    (value) => typeof value === 'string' && isQueueName(value),
    options,
  );
}

const LABEL_KEY = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}$/;
const MOST_LABELS = 32;

/** Labels of a node, as DROVER_LABELS can write them. */
export function IsLabels(): PropertyDecorator {
  return field(
    'isLabels',
    `must be an object of at most ${MOST_LABELS} labels: keys of 1 to 63 letters, digits, ".", "_", "/" and "-", and texts of at most 200 characters without commas, quotes, backslashes and line breaks`,
    (value) =>
      plainObject(value) &&
      Object.keys(value).length <= MOST_LABELS &&
      Object.entries(value).every(
        ([key, text]) =>
          LABEL_KEY.test(key) &&
          typeof text === 'string' &&
          text.isWellFormed() &&
          /^[^,'"\\\p{Cc}]{0,200}$/u.test(text),
      ),
  );
}

const NODE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;

/** The name of a node, as DROVER_NODE_NAME takes it. */
export function IsNodeName(): PropertyDecorator {
  return field(
    'isNodeName',
    'must start with a letter or digit and hold at most 200 letters, digits, dots, dashes and underscores',
    (value) => typeof value === 'string' && NODE_NAME.test(value),
  );
}

export function IsJobId(options?: ValidationOptions): PropertyDecorator {
  return field(
    'isJobId',
    'must be a job id: a UUID in lower case, e.g. "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55"',
    (value) => typeof value === 'string' && isUuid(value),
    options,
  );
}

/** Names to texts. */
export function IsEnvironment(): PropertyDecorator {
  return field(
    'isEnvironment',
    'must be an object of texts, e.g. {"LEVEL": "3"}; put numbers and booleans in quotation marks',
    (value) => plainObject(value) && Object.values(value).every((inner) => typeof inner === 'string'),
  );
}

/** A free object; its depth is limited by the core. */
export function IsFreeObject(): PropertyDecorator {
  return field(
    'isFreeObject',
    'must be a JSON object, nested at most 64 levels deep',
    (value) => plainObject(value) && shallow(value, 64),
  );
}

/**
 * Whether the value is at most `levels` deep; a deeper one could not be written out again. Stops at the first deeper
 * branch.
 */
function shallow(value: unknown, levels: number): boolean {
  if (value === null || typeof value !== 'object') return true;
  if (levels === 0) return false;
  for (const inner of Array.isArray(value) ? value : Object.values(value))
    if (!shallow(inner, levels - 1)) return false;
  return true;
}

/** A glob below the working directory. */
export function IsRelativeGlob(options?: ValidationOptions): PropertyDecorator {
  return field(
    'isRelativeGlob',
    'must be a pattern relative to the working directory, without "..", of at most 1000 characters, e.g. "out/**/*.xml"',
    (value) =>
      typeof value === 'string' &&
      value.length > 0 &&
      value.length <= 1_000 &&
      !value.startsWith('/') &&
      !value.split('/').includes('..'),
    options,
  );
}

export function IsWebUrl(): PropertyDecorator {
  return field('isWebUrl', 'must be an http or https URL of at most 2000 characters, without a user name', (value) => {
    if (typeof value !== 'string' || value.length > 2_000 || !URL.canParse(value)) return false;
    const url = new URL(value);
    return (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '' && url.password === '';
  });
}

/** A cron pattern, or one with its time zone; whether it can be read is checked by the core. */
export function IsCron(): PropertyDecorator {
  return field(
    'isCron',
    'must be a cron pattern, e.g. "*/5 * * * *" (UTC), or {"pattern": "0 8 * * 1-5", "timezone": "Europe/Berlin"}',
    (value) => {
      const text = (inner: unknown): boolean => typeof inner === 'string' && inner.length > 0 && inner.length <= 200;
      if (!plainObject(value)) return text(value);
      return (
        text(value['pattern']) &&
        (value['timezone'] === undefined || text(value['timezone'])) &&
        Object.keys(value).every((key) => key === 'pattern' || key === 'timezone')
      );
    },
  );
}

/** The cursor a list gave. */
export function IsCursor(): PropertyDecorator {
  return field(
    'isCursor',
    'must be the "next" of the page before, unchanged',
    (value) => typeof value === 'string' && /^[A-Za-z0-9_-]{2,40}$/.test(value),
  );
}
