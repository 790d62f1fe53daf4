import type { Faults } from '../lab-error.js';

/** A value that fits, perhaps converted; or what is wrong with it. */
export type Checked = { ok: true; value: unknown } | { ok: false; faults: Faults };
export type Check = (value: unknown) => Checked;

/** A local part of atoms with dots, and a host name with a dot, an address in brackets, or localhost. */
const EMAIL =
  /^[^\s@<>()[\],;:\\".]+(\.[^\s@<>()[\],;:\\".]+)*@(localhost|\[[\d.a-fA-F:]+\]|([\p{L}\d]([\p{L}\d-]{0,61}[\p{L}\d])?\.)+[\p{L}\d][\p{L}\d-]{0,61}[\p{L}\d])$/u;

const fine = (value: unknown): Checked => ({ ok: true, value });
const wrong = (message: string): Checked => ({ ok: false, faults: [message] });

/** Sets a field whatever its name: assigning to `__proto__` would set no field but what the object inherits. */
function put<T>(target: Record<string, T>, name: string, value: T): void {
  Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
}

/** Anything but null, unless a check says otherwise. */
const present =
  (check: Check): Check =>
  (value) =>
    value === null ? wrong('Field may not be null.') : check(value);

export const nullable =
  (check: Check): Check =>
  (value) =>
    value === null ? fine(null) : check(value);

export const string = (options: { min?: number; pattern?: RegExp } = {}): Check =>
  present((value) => {
    if (typeof value !== 'string') return wrong('Not a valid string.');
    if (options.min !== undefined && value.length < options.min)
      return wrong(`Shorter than minimum length ${options.min}.`);
    return options.pattern && !options.pattern.test(value)
      ? wrong('String does not match expected pattern.')
      : fine(value);
  });

export const email = (): Check =>
  present((value) =>
    typeof value === 'string' && value.length <= 320 && EMAIL.test(value)
      ? fine(value)
      : wrong('Not a valid email address.'),
  );

/** Whole numbers, also as text; a fraction is cut off. */
export const integer = (options: { min?: number } = {}): Check =>
  present((value) => {
    const number =
      typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value)
        ? Number(value)
        : typeof value === 'number'
          ? Math.trunc(value)
          : Number.NaN;
    if (!Number.isSafeInteger(number)) return wrong('Not a valid integer.');
    return options.min !== undefined && number < options.min
      ? wrong(`Must be greater than or equal to ${options.min}.`)
      : fine(number);
  });

export const boolean = (): Check =>
  present((value) => {
    if (value === true || value === 1 || (typeof value === 'string' && /^(t|true|on|y|yes|1)$/i.test(value)))
      return fine(true);
    if (value === false || value === 0 || (typeof value === 'string' && /^(f|false|off|n|no|0)$/i.test(value)))
      return fine(false);
    return wrong('Not a valid boolean.');
  });

export const oneOf = (words: readonly string[]): Check =>
  present((value) => (words.includes(value as string) ? fine(value) : wrong(`Must be one of: ${words.join(', ')}.`)));

/** ISO 8601, with or without fraction and offset. */
export const dateTime = (): Check =>
  present((value) => {
    if (
      typeof value !== 'string' ||
      !/^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)?)?$/i.test(value)
    )
      return wrong('Not a valid datetime.');
    const date = instantOf(value);
    return date === null ? wrong('Not a valid datetime.') : fine(date);
  });

/** Reads a time. One without an offset is UTC. */
function instantOf(text: string): Date | null {
  let iso = text
    .replace(' ', 'T')
    .replace(',', '.')
    .replace(/(\.\d{3})\d+/, '$1')
    .toUpperCase();
  if (!iso.includes('T')) iso += 'T00:00:00';
  iso = iso.replace(/([+-]\d{2})(\d{2})$/, '$1:$2').replace(/([+-]\d{2})$/, '$1:00');
  if (!/(Z|[+-]\d{2}:\d{2})$/.test(iso)) iso += 'Z';
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** http(s) or ftp(s) with a host: a name with a dot, an address, `localhost`; with `anyHost` also a plain name. */
export const url = (options: { anyHost?: boolean } = {}): Check =>
  present((value) => {
    if (typeof value !== 'string' || !/^(https?|ftps?):\/\/[^\s]+$/i.test(value) || !URL.canParse(value))
      return wrong('Not a valid URL.');
    const { hostname } = new URL(value);
    const known = options.anyHost || hostname === 'localhost' || hostname.startsWith('[') || /.\../.test(hostname);
    return hostname !== '' && known ? fine(value) : wrong('Not a valid URL.');
  });

export const list = (item: Check, options: { min?: number } = {}): Check =>
  present((value) => {
    if (!Array.isArray(value)) return wrong('Not a valid list.');
    if (options.min !== undefined && value.length < options.min)
      return wrong(`Shorter than minimum length ${options.min}.`);
    const faults: Record<string, Faults> = {};
    const values = value.map((one, index) => {
      const checked = item(one);
      if (!checked.ok) faults[index] = checked.faults;
      return checked.ok ? checked.value : one;
    });
    return Object.keys(faults).length > 0 ? { ok: false, faults } : fine(values);
  });

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Any object. */
export const mapping = (): Check =>
  present((value) => (isObject(value) ? fine(value) : wrong('Not a valid mapping type.')));

/** An object whose names and values fit. */
export const dictionary = (of: Check, name?: Check): Check =>
  present((value) => {
    if (!isObject(value)) return wrong('Not a valid mapping type.');
    const faults: Record<string, Faults> = {};
    const entries = Object.entries(value).map(([key, one]) => {
      const checkedKey = name?.(key) ?? fine(key);
      const checked = of(one);
      if (!checkedKey.ok) put(faults, key, { key: checkedKey.faults });
      else if (!checked.ok) put(faults, key, { value: checked.faults });
      return [key, checked.ok ? checked.value : one] as const;
    });
    return Object.keys(faults).length > 0 ? { ok: false, faults } : fine(Object.fromEntries(entries));
  });

/** An object with these fields. Unknown ones are kept, dropped or refused. */
export const object = (
  fields: Record<string, Check>,
  options: { required?: string[]; unknown: 'keep' | 'drop' | 'refuse' },
): Check =>
  present((value) => {
    if (!isObject(value)) return { ok: false, faults: { _schema: ['Invalid input type.'] } };
    const faults: Record<string, Faults> = {};
    const result: Record<string, unknown> = {};
    for (const name of options.required ?? [])
      if (!Object.hasOwn(value, name)) faults[name] = ['Missing data for required field.'];
    for (const [name, one] of Object.entries(value)) {
      const check = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (!check) {
        if (options.unknown === 'refuse') put(faults, name, ['Unknown field.']);
        else if (options.unknown === 'keep') put(result, name, one);
        continue;
      }
      const checked = check(one);
      if (checked.ok) result[name] = checked.value;
      else faults[name] = checked.faults;
    }
    return Object.keys(faults).length > 0 ? { ok: false, faults } : fine(result);
  });
