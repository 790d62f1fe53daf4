import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { currentCaller } from '@drover/access';
import { auditOf, DEFAULT_PROJECT, DroverError, isDroverError, type ScrapeTarget } from '@drover/domain';
import type { GuardedFetch } from '@drover/outbound';
import { auditStore, scrapeStore, type Sql, type Store } from '@drover/store';
import { checkAddress } from './address.js';
import { fetchTarget, probe } from './fetch-target.js';
import { importEntries, importExposition } from './import.js';
import type { Ingestor, JobPhase, ScrapeLogger, TargetUpdate, Timer } from './ports.js';

/** A lease outlives the scrape it is for by so much. */
const LEASE_MARGIN_S = 5;
/** A target that fails for ever is asked this seldom at last. */
const LONGEST_WAIT_S = 300;
/** A timer that is so late is lost. */
const OVERDUE_MS = 2_000;
const PROBE_MS = 5_000;
/** Targets that one request, which joins many, tries at once. */
const PROBES_AT_ONCE = 25;
/** Scrapes of one replica at once. */
const AT_ONCE = 200;
/** Failures in a row after which a target is dropped, if it does not say otherwise. */
export const DROP_AFTER = 3;

export interface JoinOptions {
  period_s?: number;
  job?: string | null;
  drop_after?: number | null;
  owner?: string;
}

type Examined = Awaited<ReturnType<typeof probe>>;

const tooMany = (most: number): DroverError =>
  new DroverError('too_large', `There are ${most} targets already; delete some, or raise DROVER_SCRAPE_TARGETS.`);

export interface ScrapeOptions {
  store: Store;
  fetch: GuardedFetch;
  ingest: Ingestor;
  timer: Timer;
  phaseOf: JobPhase;
  log: ScrapeLogger;
  /** This installation, as other ones see it. */
  instance: string;
  /** The node that joined exporters count for. */
  host: string;
  ports: readonly { from: number; to: number }[];
  defaultPeriodS: number;
  timeoutS: number;
  maxTargets: number;
  maxSeries: number;
}

/**
 * Targets and their scrapes. Each has its own timer; a lease in the record keeps it to one scrape in flight, however
 * many replicas there are.
 */
export class ScrapeService {
  private readonly running = new Set<Promise<void>>();
  private stopped = false;

  constructor(private readonly options: ScrapeOptions) {}

  /** Adds a target once it answers; a known one gets the new period. Throws `invalid`, `forbidden`, `too_large`. */
  async join(address: string, more: JoinOptions = {}): Promise<ScrapeTarget> {
    return this.enter(address, await this.examine(address), more);
  }

  /**
   * The same for several, asked beside each other and added in their order, up to the first that cannot be:
   * `details.address` says which.
   */
  async joinAll(targets: { address: string; more?: JoinOptions }[]): Promise<void> {
    const examined: PromiseSettledResult<Examined>[] = [];
    for (let from = 0; from < targets.length; from += PROBES_AT_ONCE) {
      const some = await Promise.allSettled(
        targets.slice(from, from + PROBES_AT_ONCE).map(({ address }) => this.examine(address)),
      );
      examined.push(...some);
      if (some.some(({ status }) => status === 'rejected')) break;
    }
    for (const [i, result] of examined.entries()) {
      const { address, more } = targets[i] as (typeof targets)[number];
      try {
        if (result.status === 'rejected') throw result.reason;
        await this.enter(address, result.value, more);
      } catch (error) {
        throw isDroverError(error) ? new DroverError(error.code, error.message, { ...error.details, address }) : error;
      }
    }
  }

  /** Asks a target what it is. */
  private async examine(address: string): Promise<Examined> {
    const { store, fetch, instance, ports, maxTargets } = this.options;
    checkAddress(address, ports);
    const known = await scrapeStore.byAddress(store.sql, address);
    if (!known && (await scrapeStore.count(store.sql)) >= maxTargets) throw tooMany(maxTargets);
    const { kind, tree } = await probe(fetch, address, PROBE_MS);
    if (tree.includes(instance))
      throw new DroverError('invalid', `${address} is this server, or sums it up already; its totals would feed back.`);
    return { kind, tree };
  }

  private async enter(address: string, { kind, tree }: Examined, more: JoinOptions = {}): Promise<ScrapeTarget> {
    const { store, maxTargets, defaultPeriodS } = this.options;
    const known = await scrapeStore.byAddress(store.sql, address);
    if (!known && (await scrapeStore.count(store.sql)) >= maxTargets) throw tooMany(maxTargets);
    if (known && !isInSight(known)) throw new DroverError('forbidden', `${address} is a target of another project.`);
    const target = await store.tx(async (sql) => {
      const row = await scrapeStore.upsert(sql, {
        id: known?.id ?? uuidv7(),
        address,
        kind,
        period_s: more.period_s ?? defaultPeriodS,
        job: more.job ?? null,
        drop_after: more.drop_after === undefined ? DROP_AFTER : more.drop_after,
        tree,
        owner: more.owner ?? '',
        project: known?.project ?? currentCaller()?.home ?? DEFAULT_PROJECT,
      });
      await this.audit(sql, known ? 'scrape-target.change' : 'scrape-target.create', known, row);
      return row;
    });
    await this.options.timer.wake(target.id, 0);
    return target;
  }

  async list(): Promise<ScrapeTarget[]> {
    return (await scrapeStore.list(this.options.store.sql)).filter(isInSight);
  }

  /** Throws `not_found`. */
  async get(id: string): Promise<ScrapeTarget> {
    const target = await scrapeStore.get(this.options.store.sql, id);
    if (!target || !isInSight(target)) throw new DroverError('not_found', `There is no scrape target ${id}.`);
    return target;
  }

  /** Stops scraping; what it gave stays in the sums, its jobs end. Throws `not_found`. */
  async remove(id: string): Promise<void> {
    const target = await this.get(id);
    await this.drop(target);
    await this.audit(this.options.store.sql, 'scrape-target.delete', target, null);
  }

  /** The same by address. False: there is none. */
  async removeAddress(address: string): Promise<boolean> {
    const target = await scrapeStore.byAddress(this.options.store.sql, address);
    if (!target || !isInSight(target)) return false;
    await this.drop(target);
    await this.audit(this.options.store.sql, 'scrape-target.delete', target, null);
    return true;
  }

  private async audit(
    sql: Sql,
    action: string,
    before: ScrapeTarget | null,
    after: ScrapeTarget | null,
  ): Promise<void> {
    const shown = (target: ScrapeTarget | null): Record<string, unknown> | null =>
      target && {
        address: target.address,
        kind: target.kind,
        period_s: target.period_s,
        job: target.job,
        drop_after: target.drop_after,
      };
    const { id, project } = (after ?? before) as ScrapeTarget;
    const entry = auditOf(currentCaller(), {
      action,
      kind: 'scrape target',
      object_id: id,
      project,
      before: shown(before),
      after: shown(after),
    });
    await auditStore.insert(sql, [entry]);
  }

  /** This installation and all below it. */
  async tree(): Promise<string[]> {
    return [
      ...new Set([
        this.options.instance,
        ...(await scrapeStore.list(this.options.store.sql)).flatMap((target) => target.tree),
      ]),
    ];
  }

  /** A target's time has come. Returns at once: a target that hangs holds up nothing. */
  async begin(id: string): Promise<void> {
    if (this.stopped || this.running.size >= AT_ONCE) return;
    const leaseId = randomUUID();
    const target = await scrapeStore.take(this.options.store.sql, id, leaseId, this.options.timeoutS + LEASE_MARGIN_S);
    if (!target) return;
    const work = this.scrape(target, leaseId)
      .catch((error: unknown) =>
        this.options.log.warn(
          { error: String(error), target: target.address },
          'a scrape could not be finished; its timer starts anew',
        ),
      )
      .finally(() => this.running.delete(work));
    this.running.add(work);
  }

  /** Starts the timers anew that were lost. Periodic, one owner a tick. */
  async watch(): Promise<void> {
    for (const id of await scrapeStore.overdue(this.options.store.sql, OVERDUE_MS))
      await this.options.timer.wake(id, 0);
  }

  /** Begins nothing more and waits for what is under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.allSettled(this.running);
  }

  private async scrape(target: ScrapeTarget, leaseId: string): Promise<void> {
    const { store, fetch, instance, timeoutS, log, timer } = this.options;
    const phase = target.job === null ? 'running' : await this.options.phaseOf(target.job);
    if (phase === 'over') return this.drop(target);
    let outcome: Parameters<typeof scrapeStore.finish>[3];
    if (phase === 'before') outcome = { skipped: true };
    else {
      const began = Date.now();
      try {
        const { body, tree } = await fetchTarget(fetch, target.kind, target.address, timeoutS * 1000);
        if (tree.includes(instance))
          throw new DroverError('invalid', 'It sums this server up; the totals would feed back.');
        // Dropped, or given to another replica meanwhile: what it said does not count.
        if (!(await scrapeStore.holds(store.sql, target.id, leaseId))) return;
        outcome = { ok: true, duration_ms: Date.now() - began, series: await this.takeIn(target, body), tree };
      } catch (error) {
        const failures = target.failures + 1;
        if (target.drop_after !== null && failures >= target.drop_after) {
          log.info({ target: target.address, error: String(error), failures }, 'a scrape target is dropped');
          return this.drop(target);
        }
        const wait =
          failures < DROP_AFTER
            ? null
            : Math.min(LONGEST_WAIT_S, target.period_s * 2 ** Math.min(20, failures - DROP_AFTER + 1));
        outcome = {
          ok: false,
          error: error instanceof Error ? error.message.slice(0, 500) : String(error),
          wait_s: wait,
        };
        if (failures === DROP_AFTER) await this.options.ingest.releaseHolder(holderOf(target));
      }
    }
    const finished = await scrapeStore.finish(store.sql, target.id, leaseId, outcome);
    if (finished && !this.stopped) await timer.wake(target.id, finished.due_in_ms);
  }

  private async takeIn(target: ScrapeTarget, body: string): Promise<number> {
    const updates = target.kind === 'proxy' ? this.proxyUpdates(target, body) : [this.exporterUpdate(target, body)];
    const held = target.kind === 'proxy' ? await this.options.ingest.liveKeys(holderOf(target)) : [];
    await this.options.ingest.ingest(updates);
    const listed = new Set(updates.map((update) => update.key));
    await this.options.ingest.release(held.filter((key) => !listed.has(key)));
    return updates.reduce((sum, update) => sum + update.reading.defs.length, 0);
  }

  private common(target: ScrapeTarget): Pick<TargetUpdate, 'heldBy' | 'incarnation' | 'seq' | 'budget'> {
    return { heldBy: holderOf(target), incarnation: '', seq: Date.now(), budget: this.options.maxSeries };
  }

  private exporterUpdate(target: ScrapeTarget, body: string): TargetUpdate {
    const reading = importExposition(body);
    const base = {
      ...this.common(target),
      key: holderOf(target),
      feedsMain: true,
      live: false,
      description: null,
      reading,
    };
    return target.job === null
      ? { ...base, kind: 'target', node: this.options.host, job: null }
      : { ...base, kind: 'execution', node: null, job: target.job };
  }

  private proxyUpdates(target: ScrapeTarget, body: string): TargetUpdate[] {
    return importEntries(body).map(({ kind, name, desc, defs, values }): TargetUpdate => {
      const base = {
        ...this.common(target),
        reading: { defs, values },
        description: null,
        job: null,
        node: null,
        live: false,
        feedsMain: false,
      };
      if (kind === 'main') return { ...base, key: `${holderOf(target)}:main`, kind: 'proxy-main', feedsMain: true };
      if (kind === 'node') return { ...base, key: `${holderOf(target)}:node:${name}`, kind: 'proxy-node', node: name };
      return {
        ...base,
        key: `${holderOf(target)}:job:${name}`,
        kind: 'proxy-job',
        job: name,
        live: true,
        description: desc,
      };
    });
  }

  private async drop(target: ScrapeTarget): Promise<void> {
    await scrapeStore.delete(this.options.store.sql, target.id);
    await this.options.ingest.releaseHolder(holderOf(target));
  }
}

/** Whether the caller may know of a target. The system sees all of them. */
function isInSight({ project }: ScrapeTarget): boolean {
  const scope = currentCaller()?.scope ?? null;
  return scope === null || scope === project;
}

/** By address, so that a target that is joined again goes on where it was: nothing is counted twice. */
const holderOf = (target: ScrapeTarget): string => `target:${target.address}`;
