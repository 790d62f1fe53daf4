import type { ActionSink, Notice } from '@drover/alarms';
import { DroverError, isDroverError } from '@drover/domain';
import { isUuid } from '@drover/jobs';
import type { GuardedFetch } from '@drover/outbound';
import type { Core } from '../core/core.js';

const NOTIFY = 'alarm-notify';
/** One, two, four … seconds between tries: about four minutes in all. */
const ATTEMPTS = 8;
const BACKOFF_MS = 1_000;

/** Sends a text to people. */
export interface Mailer {
  send(mail: { to: string[]; subject: string; text: string }): Promise<void>;
}

/** Hands notices to internal jobs, which deliver them with retries, whatever becomes of this replica. */
export class AlarmActions implements ActionSink {
  constructor(
    private readonly core: Core,
    private readonly fetch: GuardedFetch,
    private readonly mailer: Mailer | null,
  ) {
    core.handle(NOTIFY, (notice: Notice) => this.deliver(notice));
  }

  get mailPossible(): boolean {
    return this.mailer !== null;
  }

  async notify(notices: Notice[]): Promise<void> {
    for (const notice of notices) {
      await this.core.internal.add(NOTIFY, notice, { id: `${NOTIFY}-${notice.id}`, attempts: ATTEMPTS, backoff: { type: 'exponential', delayMs: BACKOFF_MS } });
    }
  }

  async cancelJob(entry: string, reason: string): Promise<void> {
    if (!isUuid(entry)) return;
    try {
      await this.core.control.cancel(entry, reason);
    } catch (error) {
      if (!isDroverError(error, 'terminal') && !isDroverError(error, 'not_found')) throw error;
    }
  }

  private async deliver({ action, payload }: Notice): Promise<void> {
    if (action.type === 'mail') {
      if (!this.mailer) throw new DroverError('unavailable', 'No mail server is configured.');
      await this.mailer.send({ to: action.to, ...mailOf(payload) });
      return;
    }
    const answer = await this.fetch(action.url, { method: 'POST', headers: { 'content-type': 'application/json', 'user-agent': 'Drover' }, body: JSON.stringify(payload), timeoutMs: 10_000 });
    if (answer.status >= 300) throw new DroverError('unavailable', `${new URL(action.url).host} answered ${answer.status}.`);
  }
}

function mailOf({ status, alerts, truncatedAlerts }: Notice['payload']): { subject: string; text: string } {
  const [first] = alerts;
  const more = alerts.length + truncatedAlerts - 1;
  const lines = alerts.map((alert) => {
    const labels = Object.entries(alert.labels).map(([name, value]) => `${name}=${value}`).join(' ');
    const notes = Object.entries(alert.annotations).map(([name, value]) => `  ${name}: ${value}`).join('\n');
    return `${alert.status === 'firing' ? 'FIRING' : 'resolved'} since ${alert.startsAt}\n  ${labels}\n${notes}`;
  });
  return {
    subject: `[Drover ${status}] ${first?.labels['alertname'] ?? 'alarm'} on ${first?.labels['entry'] ?? '?'}${more > 0 ? ` and ${more} more` : ''}`,
    text: `${lines.join('\n\n')}\n${truncatedAlerts > 0 ? `\n… and ${truncatedAlerts} more.\n` : ''}`,
  };
}
