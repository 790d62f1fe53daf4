import type { Flavour } from './render.js';

export const SETTINGS = Symbol('metric proxy settings');

export interface MetricProxySettings {
  flavour: Flavour;
  host: string;
  /** `host:port` under which this server is known in a tree. */
  self: string;
  /** Seconds between two readings of the machine this server runs on. */
  systemPeriodS: number;
  /** Profiles in a list at most. */
  profilesListed: number;
}
