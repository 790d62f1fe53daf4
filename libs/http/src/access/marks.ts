import { SetMetadata } from '@nestjs/common';
import type { Ability } from '@drover/access';

/** The right that a route asks for where people log in. */
export interface Demand {
  /** `open`: nothing. `dialect`: its dialect guards it by itself, and takes our logins, too. Abilities: any of them. */
  of: 'open' | 'dialect' | readonly Ability[];
  /**
   * The part of the API it belongs to, if an operator may leave that part open: a value of DROVER_AUTH_OPEN, for
   * clients that have no way to log in.
   */
  openable?: string;
  /** A client with a login of ours is asked for one of these, although the dialect guards the route. */
  ours?: readonly Ability[];
}

export const DEMAND = 'drover:demand';
type Mark = MethodDecorator & ClassDecorator;
const mark = (demand: Demand): Mark => SetMetadata(DEMAND, demand);

/*
 * Every route says with one of these marks who may call it, at its method or at its controller. The method's mark wins.
 * test/access/matrix.test.ts fails for a route without one; until then only admins may call it.
 */

/** Anybody may call it. */
export const Open = (): Mark => mark({ of: 'open' });

/** A client needs one of these abilities. */
export const Needs = (...abilities: Ability[]): Mark => mark({ of: abilities });

/** A client needs one of these abilities, unless the operator has left this part of the API open. */
export const NeedsUnlessOpen = (openable: string, ...abilities: Ability[]): Mark => mark({ of: abilities, openable });

/** The dialect's own guard decides. A client that comes with a login of ours needs one of these abilities besides. */
export const DialectGuards = (...ours: Ability[]): Mark =>
  mark({ of: 'dialect', ...(ours.length > 0 ? { ours } : {}) });
