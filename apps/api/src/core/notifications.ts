import type { Bus } from '@drover/bus';
import type { Config } from '@drover/config';
import { topics } from '@drover/jobs';
import { DELIVER, NotificationsService } from '@drover/notifications';
import { createGuardedFetch, createMailer, type MailServer } from '@drover/outbound';
import type { InternalHandler, InternalJobs } from '@drover/queue';
import type { Store } from '@drover/store';
import { deliveriesTried, type Logger } from '@drover/telemetry';

const SWEEP_MS = 1_000;
const FORGET_MS = 60_000;
/** Source of what alarms say; they have networks of their own. */
export const ALARM_SOURCE = 'alarm';

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

/** The parts of the core that webhooks and mails need. */
interface Carrier {
  config: Config;
  log: Logger;
  store: Store;
  internal: InternalJobs;
  bus: Bus;
  handle(name: string, handler: InternalHandler): void;
  onTick(name: string, everyMs: number, work: () => Promise<void>): void;
  onStart(starter: () => Promise<void>): void;
  onClose(closer: () => Promise<void> | void): void;
}

/** Webhooks and mails over the core: a doorbell through the internal jobs, a sweep that needs none. */
export function notificationsOf(core: Carrier): NotificationsService {
  const { config, log } = core;
  const server = mailServerOf(config);
  const mailer = server && createMailer(server);
  const ofJobs = createGuardedFetch({ allow: config.outbound.webhookNetworks });
  const ofAlarms = createGuardedFetch({ allow: config.alarms.networks });
  const notifications = new NotificationsService({
    store: core.store,
    internal: core.internal,
    mailer,
    fetchOf: (source) => (source === ALARM_SOURCE ? ofAlarms : ofJobs),
    webhookTimeoutMs: config.outbound.webhookTimeoutS * 1000,
    log,
    onTry: (kind, outcome) => deliveriesTried.inc({ kind, outcome }),
  });
  core.handle(DELIVER, (data: { id: string }) => notifications.begin(data));
  core.onTick('deliveries', SWEEP_MS, () => notifications.sweep());
  core.onTick('deliveries-forget', FORGET_MS, () => notifications.forget());
  core.onStart(async () => {
    const unsubscribe = await core.bus.subscribe(topics.deliveries, () => notifications.nudge());
    core.onClose(() => void unsubscribe());
  });
  core.onClose(async () => {
    await notifications.close();
    mailer?.close();
    await Promise.all([ofJobs.close(), ofAlarms.close()]);
  });
  return notifications;
}
