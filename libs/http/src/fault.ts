/** Longest part of a value that is said back. */
const SHOWN = 100;

/** A value as a fault shows it: never more than a line, never an object. */
export function shown(value: unknown): { value?: unknown } {
  if (typeof value === 'string')
    return { value: value.length > SHOWN ? `${value.slice(0, SHOWN)}…`.toWellFormed() : value.toWellFormed() };
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return { value };
  return {};
}

/** The sentences that say what would be right, by class-validator's name of the check. */
const MESSAGES: Record<string, (args: unknown[]) => string> = {
  isString: () => 'must be a text (in quotation marks)',
  isInt: () => 'must be a whole number',
  isNumber: () => 'must be a number',
  isBoolean: () => 'must be true or false',
  isArray: () => 'must be a list',
  isIn: ([values]) => `must be one of ${(values as unknown[]).join(', ')}`,
  min: ([least]) => `must be at least ${String(least)}`,
  max: ([most]) => `must be at most ${String(most)}`,
  minLength: ([least]) => `must have at least ${String(least)} character${least === 1 ? '' : 's'}`,
  maxLength: ([most]) => `must have at most ${String(most)} characters`,
  isLength: ([least, most]) => `must have ${String(least)} to ${String(most)} characters`,
  arrayMaxSize: ([most]) => `must hold at most ${String(most)} items`,
  arrayMinSize: ([least]) => `must hold at least ${String(least)} item${least === 1 ? '' : 's'}`,
};

export function faultOf(check: { name: string; args: unknown[]; message: unknown }): string {
  if (typeof check.message === 'string') return check.message;
  return MESSAGES[check.name]?.(check.args) ?? 'is not valid';
}
