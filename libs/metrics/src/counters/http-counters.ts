import { auditOf, DEFAULT_PROJECT, DroverError, NO_CALLERS, type Callers, type Series } from '@drover/domain';
import { baseOf, hasUnmatchedBrace } from '@drover/exposition';
import { auditStore, metricStore, type Sql, type Store } from '@drover/store';
import { addToCounter, applyReading, EMPTY, finite, seriesOf, type Contribution } from './contribution.js';
import type { CountersService } from './counters.service.js';
import { EMPTY_TABLE } from './series-table.js';

const KEY = 'http';
/** Longest name, and most counters that may be declared this way: anybody who reaches the port can. */
const NAME_LENGTH = 1_000;
const BUDGET = 10_000;
const DOC_LENGTH = 10_000;

/**
 * Counters of the sum of everything that are declared, added to and set over HTTP. They are changed under a lock: every
 * replica may be asked.
 */
export class HttpCounters {
  constructor(
    private readonly store: Store,
    private readonly counters: CountersService,
    private readonly callers: Callers = NO_CALLERS,
  ) {}

  /** Declares a counter with value 0; a name that is known stays what it is. Throws `invalid`, `quota`. */
  async declare(name: string, doc: string): Promise<void> {
    checkName(name);
    if (doc.length > DOC_LENGTH) throw new DroverError('invalid', `The doc is longer than ${DOC_LENGTH} characters`);
    await this.counters.refresh();
    if (!this.counters.mainSeries().some((series) => series.name === name))
      await this.counters.room.demand(DEFAULT_PROJECT, 'series', 1);
    await this.change('declare', name, (mine, others) => {
      if (mine.table.find(name) >= 0 || others.has(name)) return mine;
      const { refused, ...next } = applyReading(
        mine,
        { defs: [{ name, type: 'counter', doc }], values: [0] },
        { budget: BUDGET },
      );
      if (refused.length > 0)
        throw new DroverError('too_large', `There are ${BUDGET} counters already; no more are taken.`);
      return next;
    });
  }

  /** Throws `not_found` for a name nobody declared, `conflict` for a gauge. */
  async add(name: string, amount: number): Promise<void> {
    await this.change('add', name, (mine, others) => {
      const doc = this.counterDoc(name, mine, others);
      return addToCounter(mine, name, doc, amount);
    });
  }

  /** Sets what the sum shows. Throws as `add`. */
  async set(name: string, value: number): Promise<void> {
    await this.change('set', name, (mine, others) => {
      const doc = this.counterDoc(name, mine, others);
      const next = addToCounter(mine, name, doc, 0);
      const at = next.table.offsets[next.table.find(name)] as number;
      const other = others.get(name);
      const mineBefore = (next.values[at] as number) + (next.values[at + 1] as number);
      const rest = other?.type === 'counter' ? other.value - mineBefore : 0;
      next.values[at] = 0;
      next.values[at + 1] = finite(value - (Math.abs(rest) < Number.EPSILON * Math.abs(value) ? 0 : rest));
      return next;
    });
  }

  private counterDoc(name: string, mine: Contribution, others: Map<string, Series>): string {
    const place = mine.table.find(name);
    const known = others.get(name) ?? (place < 0 ? undefined : seriesOf(mine, place));
    if (!known) throw new DroverError('not_found', `No such key ${name} cannot set it`);
    if (known.type === 'gauge')
      throw new DroverError('conflict', `${name} is a gauge; only counters are changed this way`);
    return known.doc;
  }

  /** Changes what this API declared, and keeps who did so. `main`: the sums shown now, these counters included. */
  private async change(
    verb: 'declare' | 'add' | 'set',
    name: string,
    edit: (mine: Contribution, main: Map<string, Series>) => Contribution,
  ): Promise<void> {
    await this.counters.refresh();
    const main = new Map(this.counters.mainSeries().map((series) => [series.name, series]));
    await this.store.tx(async (sql) => {
      const mine = await this.locked(sql);
      const before = valueOf(mine, name);
      const next = edit(mine, this.withMine(main, mine));
      if (next === mine) return;
      const after = valueOf(next, name);
      await auditStore.insert(sql, [
        auditOf(this.callers.now(), { action: `counter.${verb}`, kind: 'counter', object_id: name, before, after }),
      ]);
      await this.counters.tables.store(sql, [next.table]);
      await metricStore.put(sql, [
        {
          key: KEY,
          kind: 'http',
          feeds_main: true,
          node: null,
          job: null,
          live: false,
          held_by: null,
          incarnation: '',
          seq: 0,
          description: null,
          table_id: next.table.id,
          vals: next.values,
        },
      ]);
    });
  }

  private async locked(sql: Sql): Promise<Contribution> {
    await metricStore.ensure(sql, [KEY], EMPTY_TABLE.id);
    const row = (await metricStore.lock(sql, [KEY])).get(KEY);
    if (!row || row.vals.length === 0) return EMPTY;
    const table = (await this.counters.tables.load(sql, [row.table_id])).get(row.table_id);
    return table && table.width === row.vals.length ? { table, values: row.vals } : EMPTY;
  }

  /** The view may be a moment behind the locked row: its part in the sum is replaced by what the row says. */
  private withMine(main: Map<string, Series>, mine: Contribution): Map<string, Series> {
    const seen = this.counters.contributionOf(KEY);
    const corrected = new Map(main);
    for (let place = 0; place < mine.table.defs.length; place += 1) {
      const now = seriesOf(mine, place);
      const shown = main.get(now.name);
      if (now.type !== 'counter' || shown?.type !== 'counter') continue;
      const before = seen ? seen.table.find(now.name) : -1;
      const then = before < 0 || !seen ? 0 : ((seriesOf(seen, before) as { value?: number }).value ?? 0);
      corrected.set(now.name, { ...shown, value: shown.value - then + now.value });
    }
    return corrected;
  }
}

/** A counter as the audit trail shows it; null before it was declared here. */
function valueOf({ table, values }: Contribution, name: string): { value: number } | null {
  const place = table.find(name);
  const at = table.offsets[place];
  return place < 0 || at === undefined ? null : { value: (values[at] ?? 0) + (values[at + 1] ?? 0) };
}

function checkName(name: string): void {
  if (hasUnmatchedBrace(name)) throw new DroverError('invalid', `Bad metric name '${name}' unmatched brackets`);
  if (baseOf(name) === '') throw new DroverError('invalid', 'Bad metric name: it is empty');
  if (name.length > NAME_LENGTH)
    throw new DroverError('invalid', `Bad metric name: it is longer than ${NAME_LENGTH} characters`);
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(name) || !name.isWellFormed())
    throw new DroverError('invalid', 'Bad metric name: it holds control characters');
}
