import { currentOf, type AlarmEnd, type AlarmRule, type AlarmState, type AlarmTransition } from '@drover/domain';
import { alarmStore, type Store } from '@drover/store';
import { bareEntry, isSilenced, labelsOf } from './labels.js';
import { noticesFor, type Alert } from './notices.js';
import type { ActionSink, AlarmEntry, AlarmsLogger, SeriesSource } from './ports.js';
import type { RuleBook } from './rule-book.js';
import { step } from './step.js';

interface Change {
  rule: AlarmRule;
  entry: AlarmEntry;
  before: AlarmState | null;
  after: AlarmState | null;
  silenced: boolean;
  /** The reason, where nothing is left of it. */
  endedBy: AlarmEnd;
}

const keyOf = (rule: string, entry: string): string => `${rule}\n${entry}`;
const told = (rule: AlarmRule): boolean => rule.actions.some((action) => action.type !== 'cancel');

/**
 * Evaluates every rule on every entry it looks at. State is in the record: any replica may do the next round. One at a
 * time.
 */
export class Evaluator {
  constructor(
    private readonly store: Store,
    private readonly book: RuleBook,
    private readonly source: SeriesSource,
    private readonly actions: ActionSink,
    private readonly log: AlarmsLogger,
    private readonly externalUrl: string,
  ) {}

  async round(now = new Date()): Promise<void> {
    await this.book.refresh();
    const states = new Map(
      (await alarmStore.states(this.store.sql)).map((state) => [keyOf(state.rule_id, state.entry), state]),
    );
    if (this.book.rules.length === 0 && states.size === 0) return;
    await this.source.refresh(this.book.metrics());
    const changes: Change[] = [];
    const firing: Change[] = [];
    for (const { rule, entry } of this.book.pairs(this.source)) {
      const key = keyOf(rule.id, entry.id);
      const before = states.get(key) ?? null;
      states.delete(key);
      const series = this.source.find(entry.id, rule.metric);
      const value = series ? currentOf(series) : null;
      const phase = step(rule, before, value, now);
      if (!phase && !before) continue;
      const moved = (phase?.state ?? null) !== (before?.state ?? null);
      const after: AlarmState | null = phase && {
        rule_id: rule.id,
        entry: entry.id,
        ...phase,
        value: moved ? value : (before?.value ?? value),
        told_at: before?.told_at ?? null,
        told_labels: before?.told_labels ?? null,
      };
      const silenced =
        (moved || phase?.state === 'firing') && isSilenced(this.book.silences, labelsOf(rule, entry), now);
      const change: Change = { rule, entry, before, after, silenced, endedBy: 'cleared' };
      if (moved || before?.keep_since?.getTime() !== phase?.keep_since?.getTime()) changes.push(change);
      if (after?.state === 'firing') firing.push(change);
    }
    // The remaining states belong to an entry that is gone, or to a rule that is off.
    await this.settle([...changes, ...(await this.gone([...states.values()]))], firing, now);
  }

  private async gone(states: AlarmState[]): Promise<Change[]> {
    if (states.length === 0) return [];
    const live = new Map(this.book.rules.map((rule) => [rule.id, rule]));
    const ended = new Map((await alarmStore.rules(this.store.sql, true)).map((rule) => [rule.id, rule]));
    // A rule that was deleted meanwhile has taken its states with it.
    return states.flatMap((before): Change[] => {
      const rule = live.get(before.rule_id) ?? ended.get(before.rule_id);
      if (!rule) return [];
      const isThere = live.has(rule.id) && (!rule.enabled || this.source.entry(before.entry) !== null);
      const endedBy = isThere ? 'changed' : 'gone';
      return [{ rule, entry: bareEntry(before.entry), before, after: null, silenced: false, endedBy }];
    });
  }

  private async settle(changes: Change[], firing: Change[], now: Date): Promise<void> {
    const alerts = this.alertsOf(changes, firing, now);
    const notices = noticesFor(alerts, this.externalUrl, now);
    // Told before it is written: a crash in between tells it twice with one id, which is delivered once; the other
    // order could lose it.
    await this.actions.notify(notices);
    const toldNow = new Map(
      alerts
        .filter((alert) => alert.news && alert.status === 'firing')
        .map((alert) => [keyOf(alert.rule.id, alert.labels['entry'] ?? ''), alert.labels]),
    );
    const after = new Map<string, AlarmState>();
    for (const { after: state } of changes) if (state) after.set(keyOf(state.rule_id, state.entry), state);
    for (const { after: state } of firing) {
      const labels = state && toldNow.get(keyOf(state.rule_id, state.entry));
      if (labels) after.set(keyOf(state.rule_id, state.entry), { ...state, told_at: now, told_labels: labels });
    }
    const moved = changes.filter(({ before, after: state }) => (before?.state ?? null) !== (state?.state ?? null));
    if (changes.length + after.size > 0) {
      await this.store.tx(async (sql) => {
        await alarmStore.putStates(sql, [...after.values()]);
        await alarmStore.deleteStates(
          sql,
          changes.filter((change) => !change.after).map(({ before }) => before as AlarmState),
        );
        await alarmStore.insertTransitions(
          sql,
          moved.map((change) => transitionOf(change, now)),
        );
      });
    }
    await this.cancelJobs(moved);
  }

  private alertsOf(changes: Change[], firing: Change[], now: Date): Alert[] {
    const resolved = changes.filter(
      (change) =>
        change.before?.state === 'firing' &&
        change.after === null &&
        change.before.told_at !== null &&
        told(change.rule),
    );
    const alerts: Alert[] = resolved.map(({ rule, entry, before }) => ({
      rule,
      labels: before?.told_labels ?? labelsOf(rule, entry),
      status: 'resolved',
      news: true,
      startsAt: (before as AlarmState).fired_at ?? now,
      endsAt: now,
      value: before?.value ?? null,
    }));
    for (const { rule, entry, after, silenced } of firing) {
      if (silenced || !told(rule) || !after) continue;
      const news = after.told_at === null || now.getTime() - after.told_at.getTime() >= rule.repeat_s * 1000;
      alerts.push({
        rule,
        labels: labelsOf(rule, entry),
        status: 'firing',
        news,
        startsAt: after.fired_at ?? now,
        endsAt: null,
        value: after.value,
      });
    }
    return alerts;
  }

  private async cancelJobs(moved: Change[]): Promise<void> {
    for (const { rule, entry, after, silenced } of moved) {
      if (
        after?.state !== 'firing' ||
        silenced ||
        entry.kind !== 'job' ||
        !rule.actions.some((action) => action.type === 'cancel')
      )
        continue;
      const reason = `alarm ${rule.name}: ${rule.metric} is ${after.value ?? 'without data'}, ${rule.operator} ${rule.threshold}`;
      await this.actions
        .cancelJob(entry.id, reason)
        .catch((error: unknown) =>
          this.log.warn(
            { error: String(error), entry: entry.id, rule: rule.name },
            'an alarm could not cancel its job',
          ),
        );
    }
  }
}

function transitionOf(
  { rule, entry, before, after, silenced, endedBy }: Change,
  at: Date,
): Omit<AlarmTransition, 'id'> {
  return {
    rule_id: rule.id,
    rule_name: rule.name,
    entry: entry.id,
    from_state: before?.state ?? 'inactive',
    to_state: after?.state ?? 'inactive',
    value: after ? after.value : (before?.value ?? null),
    silenced,
    at,
    ended_by: after ? null : endedBy,
  };
}
