import { Global, Inject, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { BUS, type Bus } from '@drover/bus';
import { CONFIG, type Config } from '@drover/config';
import { PeriodicWork, topics } from '@drover/jobs';
import { DELIVER, NotificationsService } from '@drover/notifications';
import { createGuardedFetch, createMailer, type GuardedFetch, type Mailer, type MailServer } from '@drover/outbound';
import { INTERNAL_JOBS, type InternalJobs } from '@drover/queue';
import { DUE, Store } from '@drover/store';
import { deliveriesTried, LOGGER, type Logger } from '@drover/telemetry';
import { ALARM_SOURCE } from '../metrics/alarm-actions.js';
import { ShutdownTime } from './shutdown-time.js';

const SWEEP_MS = 1_000;
const FORGET_MS = 60_000;

/** The server of DROVER_SMTP_URL, or else of SMTP_HOST; null without a host, a port and a sender. */
function mailServerOf(config: Config): MailServer | null {
  const { smtp, from, smtpHost, smtpPort, smtpFrom, smtpStartTls, smtpUser, smtpPassword } = config.mail;
  if (smtp && from !== null) return { ...smtp, from };
  if (smtpHost === null || smtpPort === null || smtpFrom === null) return null;
  return {
    host: smtpHost,
    port: smtpPort,
    from: smtpFrom,
    tls: false,
    requireTls: smtpStartTls,
    user: smtpUser,
    password: smtpPassword,
  };
}

/** The connections over which webhooks and mails go out. */
class Carriers {
  readonly mailer: Mailer | null;
  private readonly ofJobs: GuardedFetch;
  private readonly ofAlarms: GuardedFetch;

  constructor(config: Config) {
    const server = mailServerOf(config);
    this.mailer = server && createMailer(server);
    this.ofJobs = createGuardedFetch({ allow: config.outbound.webhookNetworks });
    this.ofAlarms = createGuardedFetch({ allow: config.alarms.networks });
  }

  fetchOf(source: string): GuardedFetch {
    return source === ALARM_SOURCE ? this.ofAlarms : this.ofJobs;
  }

  async close(): Promise<void> {
    this.mailer?.close();
    await Promise.all([this.ofJobs.close(), this.ofAlarms.close()]);
  }
}

function notificationsOf(
  config: Config,
  log: Logger,
  store: Store,
  internal: InternalJobs,
  carriers: Carriers,
): NotificationsService {
  return new NotificationsService({
    store,
    internal,
    mailer: carriers.mailer,
    fetchOf: (source) => carriers.fetchOf(source),
    eventSource: config.doors.publicUrl ?? 'urn:drover',
    webhookTimeoutMs: config.outbound.webhookTimeoutS * 1000,
    log,
    onTry: (kind, outcome) => deliveriesTried.inc({ kind, outcome }),
  });
}

/** Webhooks and mails: a doorbell through the internal jobs, and a sweep that needs none. */
@Global()
@Module({
  providers: [
    { provide: Carriers, inject: [CONFIG], useFactory: (config: Config) => new Carriers(config) },
    {
      provide: NotificationsService,
      inject: [CONFIG, LOGGER, Store, INTERNAL_JOBS, Carriers],
      useFactory: notificationsOf,
    },
  ],
  exports: [NotificationsService],
})
export class NoticesModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly notifications: NotificationsService,
    private readonly carriers: Carriers,
    private readonly work: PeriodicWork,
    private readonly shutdownTime: ShutdownTime,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(BUS) private readonly bus: Bus,
  ) {}

  onModuleInit(): void {
    const { notifications, work } = this;
    work.handle(DELIVER, (data: { id: string }) => notifications.begin(data));
    work.every('deliveries', SWEEP_MS, () => notifications.sweep(), DUE.deliveries);
    work.every('deliveries-forget', FORGET_MS, () => notifications.forget(this.config.retention.deliveriesS));
    work.whenStarted(async () => {
      const unsubscribe = await this.bus.subscribe(topics.deliveries, () => notifications.poke());
      return () => void unsubscribe();
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.shutdownTime.bound(async () => {
      await this.notifications.close();
      await this.carriers.close();
    });
  }
}
