import { ConfigError, type Problem } from './problems.js';
import type { Env, Variable } from './variable.js';

/** Name of each setting and the variable it comes from. */
export type Shape = Record<string, Variable<unknown>>;
export type Values<S extends Shape> = Readonly<{ [K in keyof S]: S[K] extends Variable<infer T> ? T : never }>;

/** A group of variables that is read together: one for the core, one for each part of the product and each dialect. */
export interface Section<S extends Shape> {
  title: string;
  variables: S;
  /** Reads all of them; pushes what is wrong. */
  collect(env: Env, problems: Problem[]): Values<S>;
  /** Reads all of them alone. @throws ConfigError */
  load(env: Env): Values<S>;
}

/** A section whose variables do not matter. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what `check` of a section sees is its own
export type AnySection = Section<any>;

/**
 * Declares a section. The declaration is both the reader and the documentation, so neither can miss a variable.
 * `check` sees the values together and may push problems of combinations.
 */
export function section<S extends Shape>(
  title: string,
  variables: S,
  check: (values: Values<S>, env: Env, problems: Problem[]) => void = () => {},
): Section<S> {
  const collect = (env: Env, problems: Problem[]): Values<S> => {
    const entries = Object.entries(variables).map(([key, variable]) => [key, variable.read(env, problems)] as const);
    const values = Object.fromEntries(entries) as Values<S>;
    check(values, env, problems);
    return values;
  };
  return {
    title,
    variables,
    collect,
    load(env) {
      const problems: Problem[] = [];
      const values = collect(env, problems);
      if (problems.length > 0) throw new ConfigError(problems);
      return deepFreeze(values);
    },
  };
}

/** Freezes a value and everything plain below it. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
