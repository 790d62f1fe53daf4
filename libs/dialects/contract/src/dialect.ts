import type { Type } from '@nestjs/common';
import type { Config, DialectSettings } from '@drover/config';
import type { BodyEntry, DialectDocs } from '@drover/http';
import type { Tables } from '@drover/store';

/** The ids by which clients of a dialect know its jobs, where they are not those of the record. */
export interface DialectIds {
  /** Clients choose them, and each project has its own. Otherwise one that is taken is taken for all projects. */
  readonly byProject?: boolean;
  /** The series of its jobs in /metrics bear them. */
  readonly inSeries?: boolean;
}

/**
 * The contract of a dialect: everything that exists for it, by name. Its folder imports nothing of an app, and
 * programs that serve no HTTP read its settings and tables without loading the rest.
 */
export interface Dialect extends DialectSettings {
  /** Its own tables, if it has any. They are made whether the broker speaks the dialect or not. */
  readonly tables?: () => Promise<Tables>;
  /** URLs and hosts by which its settings name the broker: requests may name them. Null: not set. */
  readonly addresses?: (config: Config) => readonly (string | null)[];
  /** Names of logins of its own. They are no names of clients. */
  readonly logins?: (config: Config) => readonly string[];
  /** True: the dialect checks before a submit, in its own words, which queues and priorities a client may use. */
  readonly admits?: boolean;
  readonly ids?: DialectIds;
  /** Rules for bodies that are larger, deeper or read in another way than those of every route. */
  readonly bodies?: readonly BodyEntry[];
  /** Its routes: a module of Nest that imports what it shares with other dialects. Loaded only where it is spoken. */
  readonly module: () => Promise<Type>;
  /** Its part of the OpenAPI document. */
  readonly docs: () => Promise<DialectDocs>;
  /** Routes that answer what no route of any dialect has taken; they stand behind those of all. */
  readonly otherMethods?: () => Promise<Type>;
}
