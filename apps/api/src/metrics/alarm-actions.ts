import type { ActionSink, Notice } from '@drover/alarms';
import { isDroverError } from '@drover/domain';
import { isUuid, type ControlService } from '@drover/jobs';
import { idOf, type NotificationsService } from '@drover/notifications';

/** The source of what alarms say. Their messages may go to other networks than those of jobs. */
export const ALARM_SOURCE = 'alarm';

/** One, two, four … seconds between tries: about two minutes in all. */
const TRIES = 8;
const BACKOFF_MS = 1_000;

/** Hands what alarms say to the notifications, which deliver it with retries, whatever becomes of this replica. */
export class AlarmActions implements ActionSink {
  constructor(
    private readonly notifications: NotificationsService,
    private readonly control: ControlService,
  ) {}

  get mailPossible(): boolean {
    return this.notifications.canMail;
  }

  async notify(notices: Notice[]): Promise<void> {
    for (const { id, action, payload } of notices) {
      if (action.type === 'mail')
        await this.notifications.mail({ to: action.to, ...mailOf(payload), source: ALARM_SOURCE, name: id });
      else {
        await this.notifications.enqueue([
          {
            id: idOf(id),
            job_id: null,
            source: ALARM_SOURCE,
            kind: 'webhook',
            event: payload.status,
            target: action.url,
            content: { ...payload },
            request: action.format === undefined ? {} : { format: action.format },
            max_tries: TRIES,
            backoff_min_ms: BACKOFF_MS,
            backoff_factor: 2,
          },
        ]);
      }
    }
  }

  async cancelJob(entry: string, reason: string): Promise<void> {
    if (!isUuid(entry)) return;
    try {
      await this.control.cancel(entry, reason);
    } catch (error) {
      if (!isDroverError(error, 'terminal') && !isDroverError(error, 'not_found')) throw error;
    }
  }
}

function mailOf({ status, alerts, truncatedAlerts }: Notice['payload']): { subject: string; text: string } {
  const [first] = alerts;
  const more = alerts.length + truncatedAlerts - 1;
  const lines = alerts.map((alert) => {
    const labels = Object.entries(alert.labels)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ');
    const notes = Object.entries(alert.annotations)
      .map(([name, value]) => `  ${name}: ${value}`)
      .join('\n');
    return `${alert.status === 'firing' ? 'FIRING' : 'resolved'} since ${alert.startsAt}\n  ${labels}\n${notes}`;
  });
  return {
    subject: `[Drover ${status}] ${first?.labels['alertname'] ?? 'alarm'} on ${first?.labels['entry'] ?? '?'}${more > 0 ? ` and ${more} more` : ''}`,
    text: `${lines.join('\n\n')}\n${truncatedAlerts > 0 ? `\n… and ${truncatedAlerts} more.\n` : ''}`,
  };
}
