import type { Type } from '@nestjs/common';
import type { Config } from '@drover/config';
import type { Dialect, DialectIds } from '@drover/dialects/contract';
import type { BodyEntry } from '@drover/http';
import type { Tables } from '@drover/store';
import * as list from './list.js';

/**
 * The dialects of this program, by name. Their routes are asked in this order, which matters where two dialects could
 * serve a request: docs/decisions/0011-routes-in-the-order-of-modules.md.
 */
export const DIALECTS: readonly Dialect[] = Object.values<Dialect>(list).sort((a, b) => (a.name < b.name ? -1 : 1));

/** Tables of all dialects. */
export const tablesOfDialects = async (): Promise<Tables[]> =>
  Promise.all(DIALECTS.flatMap(({ tables }) => (tables ? [tables()] : [])));

/** The modules of the dialects that are named, in the order in which their routes are asked. */
export async function modulesOfDialects(names: readonly string[]): Promise<Type[]> {
  const spoken = DIALECTS.filter(({ name }) => names.includes(name));
  return Promise.all([
    ...spoken.map(({ module }) => module()),
    ...spoken.flatMap(({ otherMethods }) => (otherMethods ? [otherMethods()] : [])),
  ]);
}

/** Names of the dialects whose ids have this property. */
export const dialectsWithIds = (property: keyof DialectIds): string[] =>
  DIALECTS.filter(({ ids }) => ids?.[property]).map(({ name }) => name);

/** URLs and hosts by which the settings of dialects name the broker. */
export const addressesOfDialects = (config: Config): string[] =>
  DIALECTS.flatMap((dialect) => dialect.addresses?.(config) ?? []).filter((address) => address !== null);

/** Rules for the bodies of the dialects that are named. */
export const bodyRulesOfDialects = (names: readonly string[]): BodyEntry[] =>
  DIALECTS.filter(({ name }) => names.includes(name)).flatMap(({ bodies }) => bodies ?? []);
