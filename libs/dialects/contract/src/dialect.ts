import type { Tables } from '@drover/store';

/** What a dialect gives to the broker: everything that exists for it, by name. Its folder imports nothing of an app. */
export interface Dialect {
  /** As DROVER_DIALECTS and the documentation write it. */
  readonly name: string;
  /** Its own tables, if it has any. They are made whether the broker speaks the dialect or not. */
  readonly tables?: Tables;
}
