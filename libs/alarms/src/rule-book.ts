import type { AlarmRule, AlarmSilence } from '@drover/domain';
import { alarmStore, type Store } from '@drover/store';
import type { AlarmEntry, SeriesSource } from './ports.js';

/** The rules and silences of the record, kept while nobody changed one; and which of them look at what. */
export class RuleBook {
  private signature = '';
  private all: AlarmRule[] = [];
  private quiet: AlarmSilence[] = [];
  private byEntry = new Map<string, AlarmRule[]>();
  private byQueue = new Map<string, AlarmRule[]>();
  private byCommand = new Map<string, AlarmRule[]>();

  constructor(private readonly store: Store) {}

  async refresh(): Promise<void> {
    const signature = await alarmStore.signature(this.store.sql);
    if (signature === this.signature) return;
    const [rules, silences] = await Promise.all([
      alarmStore.rules(this.store.sql),
      alarmStore.silences(this.store.sql),
    ]);
    this.byEntry = new Map();
    this.byQueue = new Map();
    this.byCommand = new Map();
    for (const rule of rules) {
      const index =
        rule.target_kind === 'entry' ? this.byEntry : rule.target_kind === 'queue' ? this.byQueue : this.byCommand;
      const known = index.get(rule.target);
      if (known) known.push(rule);
      else index.set(rule.target, [rule]);
    }
    this.all = rules;
    this.quiet = silences;
    this.signature = signature;
  }

  get rules(): readonly AlarmRule[] {
    return this.all;
  }

  get silences(): readonly AlarmSilence[] {
    return this.quiet;
  }

  /** Rules that look at an entry, in the order they were made. */
  of(entry: AlarmEntry): AlarmRule[] {
    const single = this.byEntry.get(entry.id) ?? [];
    if (entry.kind !== 'job') return single;
    const queue = entry.queue === null ? [] : (this.byQueue.get(entry.queue) ?? []);
    const command = this.byCommand.get(entry.command) ?? [];
    return queue.length + command.length === 0 ? single : [...single, ...queue, ...command];
  }

  /** Every enabled rule with every entry it looks at. */
  *pairs(source: SeriesSource): Generator<{ rule: AlarmRule; entry: AlarmEntry }> {
    const templates = this.byQueue.size + this.byCommand.size > 0;
    if (templates) {
      for (const entry of source.entries()) for (const rule of this.of(entry)) if (rule.enabled) yield { rule, entry };
      return;
    }
    for (const [id, rules] of this.byEntry) {
      const entry = source.entry(id);
      if (entry) for (const rule of rules) if (rule.enabled) yield { rule, entry };
    }
  }

  /** The names of the metrics that enabled rules look at. */
  metrics(): Set<string> {
    return new Set(this.all.flatMap((rule) => (rule.enabled ? [rule.metric] : [])));
  }

  /** Ids of single entries that rules look at. */
  targets(): string[] {
    return [...this.byEntry.keys()];
  }
}
