import { Global, Module } from '@nestjs/common';
import { requestCallers } from '@drover/access';
import { AlarmsService } from '@drover/alarms';
import { isTerminal } from '@drover/domain';
import { isUuid } from '@drover/jobs';
import { CountersService, descOfJob, FoundSeries, HttpCounters } from '@drover/metrics';
import { createGuardedFetch } from '@drover/outbound';
import { ProfilesService } from '@drover/profiles';
import { ScrapeService, TreeService } from '@drover/scrape';
import { Core } from '../core/core.js';
import { AgentMetricsController } from './agent-metrics.controller.js';
import { AlarmActions } from './alarm-actions.js';
import { CountersExposition } from './counters-exposition.js';
import { instanceId } from './instance-id.js';
import { onJobsEnded } from './on-jobs-ended.js';
import { OwnSystem } from './own-system.js';

/** How often what is over is put away, and how often what was forgotten is deleted. */
const TEND_MS = 2_000;
const CLEAN_MS = 60_000;

function makeCounters(core: Core): CountersService {
  const { node, nodeRetentionS } = core.config.counters;
  const counters = new CountersService(core.store, node, core.quotas);
  core.onTick('counters-tend', TEND_MS, () => counters.tend());
  core.onTick('counters-clean', CLEAN_MS, () => counters.clean(nodeRetentionS));
  return counters;
}

function makeOwnSystem(core: Core, counters: CountersService): OwnSystem {
  const own = new OwnSystem(core, counters);
  core.onClose(() => own.stop());
  return own;
}

function makeAlarms(core: Core, counters: CountersService, series: FoundSeries, actions: AlarmActions): AlarmsService {
  const { maxRules, periodS } = core.config.alarms;
  const alarms = new AlarmsService({
    store: core.store,
    source: series,
    actions,
    log: core.log,
    externalUrl: core.config.apiUrl,
    maxRules,
  });
  core.onTick('alarms', periodS * 1000, () => alarms.evaluate());
  core.onTick('alarms-clean', CLEAN_MS, () => alarms.clean((targets) => endedOf(core, targets)));
  counters.onEnded((sql, jobs) =>
    alarms.entriesEnded(
      jobs.map((job) => job.desc.jobid),
      sql,
    ),
  );
  onJobsEnded(core, (jobs) => alarms.entriesEnded(jobs.map((job) => job.id)));
  return alarms;
}

const RECOVER_MS = 30_000;

function makeProfiles(core: Core, counters: CountersService): ProfilesService {
  const profiles = new ProfilesService(core.store, counters, descOfJob, core.log);
  onJobsEnded(core, async (jobs) => profiles.ended(jobs));
  counters.onEnded((sql, jobs) => profiles.clientsEnded(sql, jobs));
  counters.onSettled((sql, job, own) => profiles.settled(sql, job, own));
  core.onTick('profiles-recover', RECOVER_MS, async () => void (await profiles.recover()));
  core.onTick('profiles-trim', CLEAN_MS, async () => void (await profiles.trim(core.config.profiles.kept)));
  core.onClose(() => profiles.settle());
  return profiles;
}

const SCRAPE = 'scrape';
const SCRAPE_WATCH_MS = 2_000;

async function makeScrapes(core: Core, counters: CountersService): Promise<ScrapeService> {
  const { networks, ports, periodS, timeoutS, maxTargets, maxSeries } = core.config.scrape;
  const fetch = createGuardedFetch({ allow: networks });
  const scrapes = new ScrapeService({
    store: core.store,
    fetch,
    ingest: counters,
    log: core.log,
    instance: await instanceId(core),
    host: core.config.counters.node,
    ports,
    defaultPeriodS: periodS,
    timeoutS,
    maxTargets,
    maxSeries,
    timer: { wake: (id, inMs) => core.internal.add(SCRAPE, { id }, { delayMs: Math.round(inMs) }) },
    phaseOf: async (id) => {
      const job = await core.query.find(id);
      return !job || isTerminal(job.state)
        ? 'over'
        : job.state === 'running' || job.state === 'cancelling'
          ? 'running'
          : 'before';
    },
  });
  core.handle(SCRAPE, (data: { id: string }) => scrapes.begin(data.id));
  core.onTick('scrape-watch', SCRAPE_WATCH_MS, () => scrapes.watch());
  core.onClose(() => fetch.close());
  core.onClose(() => scrapes.stop());
  return scrapes;
}

/** Which of these ids, none of them listed now, will not be listed again. A job of Drover's may not have begun yet. */
async function endedOf(core: Core, targets: string[]): Promise<string[]> {
  const known = new Map((await core.query.getMany(targets.filter(isUuid))).map((job) => [job.id, job]));
  return targets.filter(
    (target) =>
      !target.startsWith('Node: ') &&
      (!known.has(target) || isTerminal((known.get(target) as { state: Parameters<typeof isTerminal>[0] }).state)),
  );
}

/**
 * Counters, alarms, profiles and scrape targets, made once and wired to the core. They belong to the whole product:
 * dialects, native routes and the agent protocol use them.
 */
@Global()
@Module({
  controllers: [AgentMetricsController],
  providers: [
    CountersExposition,
    { provide: CountersService, useFactory: makeCounters, inject: [Core] },
    {
      provide: HttpCounters,
      useFactory: (core: Core, counters: CountersService) => new HttpCounters(core.store, counters, requestCallers),
      inject: [Core, CountersService],
    },
    { provide: OwnSystem, useFactory: makeOwnSystem, inject: [Core, CountersService] },
    {
      provide: FoundSeries,
      useFactory: (counters: CountersService) => new FoundSeries(counters),
      inject: [CountersService],
    },
    { provide: ProfilesService, useFactory: makeProfiles, inject: [Core, CountersService] },
    { provide: ScrapeService, useFactory: makeScrapes, inject: [Core, CountersService] },
    {
      provide: TreeService,
      useFactory: (core: Core) => new TreeService(core.store, `${core.config.counters.node}:${core.config.port}`),
      inject: [Core],
    },
    { provide: AlarmActions, useFactory: (core: Core) => new AlarmActions(core), inject: [Core] },
    { provide: AlarmsService, useFactory: makeAlarms, inject: [Core, CountersService, FoundSeries, AlarmActions] },
  ],
  exports: [
    CountersService,
    HttpCounters,
    OwnSystem,
    FoundSeries,
    AlarmActions,
    AlarmsService,
    ProfilesService,
    ScrapeService,
    TreeService,
  ],
})
export class MetricsModule {}
