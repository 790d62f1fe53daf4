import { auditOf, DroverError, quotaText, QUOTAS, type Callers, type Quota, type QuotaValues } from '@drover/domain';
import { auditStore, projectStore, type Sql, type Store } from '@drover/store';
import { Grants } from './grants.js';

/** How long another replica's change of a quota may take to be seen here. */
const CACHE_MS = 1_000;
/** Where less than this is free, every taker asks the record. */
const PLENTY = { waiting_jobs: 4_096, log_bytes: 256 * 1024 * 1024 };
/** When a client may try again that found too many jobs waiting. */
const RETRY_AFTER_S = 10;

/** A quota of a project at one moment. */
export interface Room {
  used: number;
  limit: number;
  /** Infinity without a limit; never below 0. */
  free: number;
}

export interface ProjectView {
  project: string;
  usage: QuotaValues;
  /** 0: no limit. */
  quotas: QuotaValues;
  /** The quotas that were set for this project. */
  own: Quota[];
}

/**
 * Decides on what projects may have. The record counts by triggers what they have. Where much is free, each
 * process gives away a part of it without
 * asking; where little is, it asks within the transaction that takes, and transactions of one project wait for each
 * other.
 */
export class QuotasService {
  private readonly grants = { waiting_jobs: new Grants(PLENTY.waiting_jobs), log_bytes: new Grants(PLENTY.log_bytes) };
  private own: Map<string, Partial<QuotaValues>> = new Map();
  private ownUntil = 0;
  private reading: Promise<void> | null = null;

  constructor(
    private readonly store: Store,
    /** The limits of the settings; 0: no limit. */
    private readonly defaults: Readonly<QuotaValues>,
    private readonly callers: Callers,
  ) {}

  /** Every project with its usage and quotas that the caller may see. */
  async list(): Promise<ProjectView[]> {
    return this.views(this.callers.now()?.scope ?? null);
  }

  /** Throws `not_found` for a project that nothing names, and for another one than the caller's. */
  async get(project: string): Promise<ProjectView> {
    this.demandSight(project);
    const [view] = await this.views(project);
    if (view) return view;
    if (project !== this.callers.now()?.scope) throw noSuchProject(project);
    return this.unused(project);
  }

  private unused(project: string): ProjectView {
    return { project, usage: zero(), quotas: this.limits(project), own: this.ownOf(project) };
  }

  /** Sets quotas of a project; null: as the settings say. What is in use already stays. */
  async set(project: string, values: Partial<Record<Quota, number | null>>): Promise<ProjectView> {
    this.demandSight(project);
    await this.store.tx(async (sql) => {
      await projectStore.lock(sql, [project]);
      const before = (await projectStore.quotas(sql)).get(project) ?? {};
      await projectStore.setQuotas(sql, project, values);
      const after = (await projectStore.quotas(sql)).get(project) ?? {};
      const change = { action: 'project.quotas', kind: 'project', object_id: project, project, before, after } as const;
      const entry = auditOf(this.callers.now(), change);
      await auditStore.insert(sql, [entry]);
    });
    this.forget();
    const [view] = await this.views(project);
    return view ?? this.unused(project);
  }

  private async views(only: string | null): Promise<ProjectView[]> {
    await this.ready();
    const rows = await projectStore.list(this.store.sql, only);
    return rows.map(({ project, usage }) => ({
      project,
      usage,
      quotas: this.limits(project),
      own: this.ownOf(project),
    }));
  }

  private demandSight(project: string): void {
    const scope = this.callers.now()?.scope ?? null;
    if (scope === null || scope === project) return;
    throw noSuchProject(project);
  }

  /** Throws where a project has no room for so much; takes nothing. For what is judged before its own transaction. */
  async demand(project: string, quota: Quota, asked: number): Promise<void> {
    await this.ready();
    if (this.limits(project)[quota] === 0) return;
    if (quota in this.grants && this.grants[quota as keyof typeof PLENTY].take(project, asked)) return;
    const room = await this.room(this.store.agents.sql, project, quota);
    if (room.free < asked) throw this.refusal(project, quota, room, asked);
  }

  /** Whether so much may be taken without asking the record in the transaction that takes it. It counts as taken. */
  async covers(quota: keyof typeof PLENTY, amounts: ReadonlyMap<string, number>): Promise<boolean> {
    await this.ready();
    const grants = this.grants[quota];
    let all = true;
    for (const [project, amount] of amounts) {
      if (amount === 0 || this.limits(project)[quota] === 0) continue;
      const taken = grants.take(project, amount);
      if (taken === undefined) {
        grants.looked(project, (await this.room(this.store.agents.sql, project, quota)).free);
        all = (grants.take(project, amount) ?? false) && all;
      } else all = taken && all;
    }
    return all;
  }

  /** The room that is free at this moment. Call {@link ready} before the transaction. */
  async room(sql: Sql, project: string, quota: Quota): Promise<Room> {
    const limit = this.limits(project)[quota];
    if (limit === 0) return { used: 0, limit, free: Infinity };
    const used = Math.max(0, (await projectStore.usage(sql, project))[quota]);
    return { used, limit, free: Math.max(0, limit - used) };
  }

  /** The same for each of these projects; until the transaction ends, nobody else takes of them who asks this way. */
  async lockedRooms(sql: Sql, projects: Iterable<string>, quota: Quota): Promise<Map<string, Room>> {
    const limited = [...new Set(projects)].filter((project) => this.limits(project)[quota] > 0);
    await projectStore.lock(sql, limited);
    const rooms = new Map<string, Room>();
    for (const project of limited) rooms.set(project, await this.room(sql, project, quota));
    return rooms;
  }

  /** The refusal. Waiting jobs start by themselves: come again; everything else stays until somebody deletes something. */
  refusal(project: string, quota: Quota, { used, limit }: Pick<Room, 'used' | 'limit'>, asked = 1): DroverError {
    const facts = { project, quota, used, limit, asked };
    const text = quotaText(project, quota, facts);
    if (quota !== 'waiting_jobs') return new DroverError('quota', text, facts);
    return new DroverError('rate_limited', text, { ...facts, retry_after_s: RETRY_AFTER_S });
  }

  /** The quotas as the settings and the last look at the record say. */
  limits(project: string): QuotaValues {
    return { ...this.defaults, ...this.own.get(project) };
  }

  /** Knows the quotas of now. */
  async ready(): Promise<void> {
    if (this.ownUntil > performance.now()) return;
    this.reading ??= projectStore
      .quotas(this.store.agents.sql)
      .then((own) => {
        this.own = own;
        this.ownUntil = performance.now() + CACHE_MS;
      })
      .finally(() => (this.reading = null));
    await this.reading;
  }

  private ownOf(project: string): Quota[] {
    return QUOTAS.filter((quota) => this.own.get(project)?.[quota] !== undefined);
  }

  private forget(): void {
    this.ownUntil = 0;
    for (const grants of Object.values(this.grants)) grants.forget();
  }
}

const noSuchProject = (project: string): DroverError =>
  new DroverError('not_found', `There is no project ${project.slice(0, 100)}.`);

const zero = (): QuotaValues => Object.fromEntries(QUOTAS.map((quota) => [quota, 0])) as QuotaValues;
