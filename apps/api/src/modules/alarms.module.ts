import { Global, Inject, Module, type OnModuleInit } from '@nestjs/common';
import { AlarmsService, BacktestService } from '@drover/alarms';
import { CONFIG, type Config } from '@drover/config';
import { isTerminal } from '@drover/domain';
import { ControlService, isUuid, JobEnds, PeriodicWork, QueryService } from '@drover/jobs';
import { CountersService, descOfJob, FoundSeries } from '@drover/metrics';
import { NotificationsService } from '@drover/notifications';
import { DUE, Store } from '@drover/store';
import { LOGGER, type Logger } from '@drover/telemetry';
import { AlarmActions } from '../metrics/alarm-actions.js';

const CLEAN_MS = 60_000;

function alarmsOf(
  store: Store,
  source: FoundSeries,
  actions: AlarmActions,
  config: Config,
  log: Logger,
): AlarmsService {
  return new AlarmsService({
    store,
    source,
    actions,
    log,
    externalUrl: config.apiUrl,
    maxRules: config.alarms.maxRules,
  });
}

/** Alarms over the counters, and what they do when they fire. */
@Global()
@Module({
  providers: [
    {
      provide: AlarmActions,
      inject: [NotificationsService, ControlService],
      useFactory: (notifications: NotificationsService, control: ControlService) =>
        new AlarmActions(notifications, control),
    },
    {
      provide: AlarmsService,
      inject: [Store, FoundSeries, AlarmActions, CONFIG, LOGGER],
      useFactory: alarmsOf,
    },
    {
      provide: BacktestService,
      inject: [Store],
      useFactory: (store: Store) => new BacktestService(store, descOfJob),
    },
  ],
  exports: [AlarmsService, AlarmActions, BacktestService],
})
export class AlarmsModule implements OnModuleInit {
  constructor(
    private readonly alarms: AlarmsService,
    private readonly counters: CountersService,
    private readonly query: QueryService,
    private readonly ends: JobEnds,
    private readonly work: PeriodicWork,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  onModuleInit(): void {
    const { alarms, work } = this;
    work.every('alarms', this.config.alarms.periodS * 1000, () => alarms.evaluate(), DUE.alarms);
    work.every('alarms-clean', CLEAN_MS, () => alarms.clean((targets) => this.endedOf(targets)));
    this.counters.onEnded((sql, jobs) =>
      alarms.entriesEnded(
        jobs.map((job) => job.desc.jobid),
        sql,
      ),
    );
    this.ends.follow((jobs) => alarms.entriesEnded(jobs.map((job) => job.id)));
  }

  /**
   * The targets that the counters will not list again. None of `targets` is listed now, but a node may come back, and a
   * job that has not ended may yet begin.
   */
  private async endedOf(targets: string[]): Promise<string[]> {
    const jobs = await this.query.getMany(targets.filter(isUuid));
    const waiting = new Set(jobs.filter((job) => !isTerminal(job.state)).map((job) => job.id));
    return targets.filter((target) => !target.startsWith('Node: ') && !waiting.has(target));
  }
}
