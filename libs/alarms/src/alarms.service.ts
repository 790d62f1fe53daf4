import { v7 as uuidv7 } from 'uuid';
import { currentCaller } from '@drover/access';
import {
  auditOf,
  currentOf,
  DEFAULT_PROJECT,
  DroverError,
  isReservedEntry,
  mapInPieces,
  type AlarmFiring,
  type AlarmRule,
  type AlarmSilence,
  type AlarmState,
  type AlarmTransition,
  type Series,
} from '@drover/domain';
import { isUuid } from '@drover/jobs';
import {
  alarmStore,
  auditStore,
  jobStore,
  sqlState,
  type NewAlarmRule,
  type Sql,
  type Store,
  type TransitionFilter,
} from '@drover/store';
import { Evaluator } from './evaluator.js';
import { bareEntry, labelsOf, silencedUntil } from './labels.js';
import type { ActionSink, AlarmEntry, AlarmsLogger, SeriesSource } from './ports.js';
import { RuleBook } from './rule-book.js';
import { compares } from './step.js';

/** History that is kept, transitions. */
const HISTORY = 100_000;
/** Silences at once, those among them that are over but not forgotten: each is looked at for each alarm that fires. */
const MAX_SILENCES = 1_000;
/** Silences that ended so long ago are forgotten. */
const SILENCE_DAYS = 7;

/** A rule on one entry, with the value it has at this moment. */
export interface Reading {
  rule: AlarmRule;
  entry: AlarmEntry;
  series: Series | null;
  current: number | null;
  /** The bare comparison: no waiting, no hysteresis. */
  active: boolean;
}

/** An alarm that is pending or fires, with what people ask about it. */
export interface ActiveAlarm extends AlarmState {
  rule: AlarmRule;
  /** Nobody is told of it until then. Null: it is not silenced. */
  silenced_until: Date | null;
  /** Null: it is not about a job, or the job has no name. */
  job_name: string | null;
}

export const DEFAULTS = {
  clear_threshold: null,
  for_s: 0,
  keep_for_s: 0,
  no_data: 'ok',
  severity: 'warning',
  labels: {},
  annotations: {},
  group_by: ['alertname'],
  repeat_s: 14_400,
  actions: [],
  enabled: true,
  owner: '',
  project: DEFAULT_PROJECT,
} satisfies Partial<NewAlarmRule>;

export interface AlarmsOptions {
  store: Store;
  source: SeriesSource;
  actions: ActionSink;
  log: AlarmsLogger;
  /** Where notifications say Drover is. */
  externalUrl: string;
  maxRules: number;
}

/** Alarm rules and what they say. */
export class AlarmsService {
  private readonly book: RuleBook;
  private readonly evaluator: Evaluator;
  private readonly store: Store;
  private readonly source: SeriesSource;

  constructor(private readonly options: AlarmsOptions) {
    this.store = options.store;
    this.source = options.source;
    this.book = new RuleBook(options.store);
    this.evaluator = new Evaluator(
      options.store,
      this.book,
      options.source,
      options.actions,
      options.log,
      options.externalUrl,
    );
  }

  /** Evaluates every alarm once. It is periodic, and one replica owns each tick. */
  evaluate(now = new Date()): Promise<void> {
    return this.evaluator.round(now);
  }

  async list(): Promise<readonly AlarmRule[]> {
    await this.book.refresh();
    return this.book.rules.filter(isInSight);
  }

  /** Throws `not_found`. */
  async get(id: string): Promise<AlarmRule> {
    const rule = await alarmStore.rule(this.store.sql, id);
    if (!rule || !isInSight(rule)) throw notFound(id);
    return rule;
  }

  /** Throws `conflict` when the target has an alarm of that name: the first one stays. */
  async create(rule: Omit<NewAlarmRule, 'id'>): Promise<AlarmRule> {
    if ((await alarmStore.countRules(this.store.sql)) >= this.options.maxRules)
      throw new DroverError(
        'too_large',
        `There are ${this.options.maxRules} alarms already; delete some, or raise DROVER_ALARMS.`,
      );
    const caller = currentCaller();
    const made = await this.store
      .tx(async (sql) => {
        const row = await alarmStore.insertRule(sql, { ...rule, project: caller?.home ?? rule.project, id: uuidv7() });
        if (row) await this.audit(sql, 'alarm.create', row.id, null, row);
        return row;
      })
      .catch(refuseTooLong);
    if (!made)
      throw new DroverError('conflict', `Alarm ${rule.name} is already defined`, {
        name: rule.name,
        target: rule.target,
      });
    return made;
  }

  /** Throws `not_found`, `conflict`. */
  async replace(id: string, rule: Omit<NewAlarmRule, 'id'>): Promise<AlarmRule> {
    try {
      return await this.store.tx(async (sql) => {
        const before = await alarmStore.rule(sql, id);
        const changed = before && isInSight(before) ? await alarmStore.updateRule(sql, { ...rule, id }) : null;
        if (!changed) throw notFound(id);
        await this.audit(sql, 'alarm.replace', id, before, changed);
        return changed;
      });
    } catch (error) {
      if (sqlState(error) === '23505')
        throw new DroverError('conflict', `Alarm ${rule.name} is already defined`, {
          name: rule.name,
          target: rule.target,
        });
      return refuseTooLong(error);
    }
  }

  /** Throws `not_found`. */
  async delete(id: string): Promise<void> {
    await this.store.tx(async (sql) => {
      const before = await alarmStore.rule(sql, id);
      if (!before || !isInSight(before) || !(await alarmStore.deleteRule(sql, id))) throw notFound(id);
      await this.audit(sql, 'alarm.delete', id, before, null);
    });
  }

  /** Deletes an alarm of one entry by its name. False: there is none. */
  deleteByName(target: string, name: string): Promise<boolean> {
    return this.store.tx(async (sql) => {
      const before = (await alarmStore.rules(sql)).find(
        (rule) => rule.target_kind === 'entry' && rule.target === target && rule.name === name,
      );
      if (!before || !isInSight(before) || !(await alarmStore.deleteByName(sql, target, name))) return false;
      await this.audit(sql, 'alarm.delete', before.id, before, null);
      return true;
    });
  }

  /** Alarms of single entries go with them. `sql`: the transaction in which they end. */
  async entriesEnded(entries: string[], sql: Sql = this.store.keyed): Promise<void> {
    await alarmStore.endOfEntries(sql, entries);
  }

  /** All rules on all entries, in the order of the entries, with the values of this moment. */
  async readings(): Promise<{ entry: AlarmEntry; readings: Reading[] }[]> {
    await this.book.refresh();
    await this.source.refresh(this.book.metrics());
    return this.source.entries().map((entry) => ({
      entry,
      readings: this.book
        .of(entry)
        .filter(isInSight)
        .map((rule) => this.read(rule, entry)),
    }));
  }

  private read(rule: AlarmRule, entry: AlarmEntry): Reading {
    const series = this.source.find(entry.id, rule.metric);
    const current = series ? currentOf(series) : null;
    return {
      rule,
      entry,
      series,
      current,
      active: current !== null && compares(rule.operator, current, rule.threshold),
    };
  }

  /** The alerts that are pending or firing. `rules`: those of which one wants to know. */
  async active(rules: readonly AlarmRule[], now = new Date()): Promise<ActiveAlarm[]> {
    const byId = new Map(rules.map((rule) => [rule.id, rule]));
    const all = await this.inSight(await alarmStore.states(this.store.sql));
    const states = all.filter(({ rule_id }) => byId.has(rule_id));
    if (states.length === 0) return [];
    await this.book.refresh();
    const { silences } = this.book;
    if (silences.length > 0) await this.source.refresh();
    const jobs = new Set(states.map(({ entry }) => entry).filter(isUuid));
    const names = await jobStore.names(this.store.sql, [...jobs]);
    // Each of ten thousand states is compared with each of a thousand silences.
    return mapInPieces(states, (state) => {
      const rule = byId.get(state.rule_id) as AlarmRule;
      const entry = this.source.entry(state.entry) ?? bareEntry(state.entry);
      return {
        ...state,
        rule,
        silenced_until: silencedUntil(silences, labelsOf(rule, entry), now),
        job_name: names.get(state.entry) ?? null,
      };
    });
  }

  /** When each of these rules fired last; one that never did is not there. */
  lastFired(rules: readonly AlarmRule[]): Promise<Map<string, Date>> {
    const ids = rules.map(({ id }) => id);
    return alarmStore.lastFired(this.store.sql, ids, currentCaller()?.scope ?? null);
  }

  /** Every change of state, newest first. */
  history(filter: TransitionFilter, limit: number): Promise<AlarmTransition[]> {
    return alarmStore.transitions(this.store.sql, inScope(filter), limit);
  }

  /** Times for which alarms fired, with their ends, newest first. */
  firings(filter: TransitionFilter, limit: number): Promise<AlarmFiring[]> {
    return alarmStore.firings(this.store.sql, inScope(filter), limit);
  }

  async silences(): Promise<readonly AlarmSilence[]> {
    return (await alarmStore.silences(this.store.sql)).filter(isInSight);
  }

  /** Throws `too_large`. */
  async silence(silence: Omit<AlarmSilence, 'id' | 'created_at' | 'project'>): Promise<AlarmSilence> {
    if ((await alarmStore.countSilences(this.store.sql)) >= MAX_SILENCES)
      throw new DroverError(
        'too_large',
        `There are ${MAX_SILENCES} silences already; end some, or match several alarms with one (glob).`,
      );
    const caller = currentCaller();
    return this.store.tx(async (sql) => {
      const made = await alarmStore.insertSilence(sql, {
        ...silence,
        project: caller?.home ?? DEFAULT_PROJECT,
        id: uuidv7(),
      });
      await auditStore.insert(sql, [
        auditOf(caller, {
          action: 'silence.create',
          kind: 'silence',
          object_id: made.id,
          project: made.project,
          after: { ...made },
        }),
      ]);
      return made;
    });
  }

  /** Throws `not_found`. */
  async endSilence(id: string): Promise<void> {
    await this.store.tx(async (sql) => {
      const before = (await alarmStore.silences(sql)).find((one) => one.id === id);
      if (!before || !isInSight(before) || !(await alarmStore.deleteSilence(sql, id)))
        throw new DroverError('not_found', `There is no silence ${id}.`);
      const entry = auditOf(currentCaller(), {
        action: 'silence.end',
        kind: 'silence',
        object_id: id,
        project: before.project,
        before: { ...before },
      });
      await auditStore.insert(sql, [entry]);
    });
  }

  private async audit(
    sql: Sql,
    action: string,
    id: string,
    before: AlarmRule | null,
    after: AlarmRule | null,
  ): Promise<void> {
    const shown = (rule: AlarmRule | null): Record<string, unknown> | null =>
      rule && { ...rule, actions: rule.actions.map((one) => one.type) };
    const project = (after ?? before)?.project ?? DEFAULT_PROJECT;
    await auditStore.insert(sql, [
      auditOf(currentCaller(), {
        action,
        kind: 'alarm',
        object_id: id,
        project,
        before: shown(before),
        after: shown(after),
      }),
    ]);
  }

  /** Leaves out the states of other projects' jobs. */
  private async inSight<T extends { entry: string }>(states: T[]): Promise<T[]> {
    const project = currentCaller()?.scope ?? null;
    if (project === null) return states;
    const jobs = states.map((state) => state.entry).filter((entry) => !isReservedEntry(entry) && isUuid(entry));
    const inside = await jobStore.ofProject(this.store.sql, [...new Set(jobs)], project);
    return states.filter(
      ({ entry }) => isReservedEntry(entry) || (isUuid(entry) ? inside.has(entry) : project === DEFAULT_PROJECT),
    );
  }

  /** Periodic work that has time. `isOver`: of jobs whose alarms remain, those that have ended. */
  async clean(isOver: (jobs: string[]) => Promise<string[]>): Promise<void> {
    await alarmStore.deleteEnded(this.store.sql);
    await alarmStore.trimTransitions(this.store.sql, HISTORY);
    await alarmStore.deleteSilencesEndedBefore(this.store.sql, SILENCE_DAYS);
    await Promise.all([this.book.refresh(), this.source.refresh()]);
    const gone = this.book.targets().filter((target) => this.source.entry(target) === null);
    await this.entriesEnded(await isOver(gone));
  }
}

/** Whether the caller may know of an alarm or silence. The system sees all of them. */
function isInSight({ project }: { project: string }): boolean {
  const scope = currentCaller()?.scope ?? null;
  return scope === null || scope === project;
}

/** The filter of the caller's own project. The system sees all of them. */
function inScope(filter: TransitionFilter): TransitionFilter {
  const project = currentCaller()?.scope ?? null;
  return project === null ? filter : { ...filter, project };
}

const notFound = (id: string): DroverError =>
  new DroverError('not_found', `There is no alarm ${id}.`, { alarm_id: id });

/** Postgres's word for an entry that is too long for its index: of the index that release 0.1.0 needs. */
const PROGRAM_LIMIT = '54000';

/** While the index of the release before is there, an alarm's target and name have to fit into it. */
function refuseTooLong(error: unknown): never {
  if (sqlState(error) !== PROGRAM_LIMIT) throw error;
  throw new DroverError(
    'conflict',
    'The command line of the alarm is too long while an upgrade is under way: make the alarm when `drover migrate --finish` has run.',
  );
}
