import { createHash } from 'node:crypto';
import type { AlarmAction, AlarmRule } from '@drover/domain';
import { labelKey } from './labels.js';
import type { Notice, WebhookPayload } from './ports.js';

/** An alert as it is to be told. */
export interface Alert {
  rule: AlarmRule;
  labels: Record<string, string>;
  status: 'firing' | 'resolved';
  /** News: it has just begun or ended, or it is time to say it again. */
  news: boolean;
  startsAt: Date;
  endsAt: Date | null;
  value: number | null;
}

/** Alerts a message holds at most; the rest is counted. */
const MAX_ALERTS = 500;
/** The end that Alertmanager sends for an alert that has not ended. */
const NOT_ENDED = '0001-01-01T00:00:00Z';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);
const keyOf = (action: AlarmAction): string =>
  action.type === 'webhook'
    ? `webhook:${action.url}`
    : action.type === 'mail'
      ? `mail:${[...action.to].sort().join(',')}`
      : 'cancel';

/** One message for each receiver and group in which there is news; it holds all alerts of the group. */
export function noticesFor(alerts: readonly Alert[], externalUrl: string, now: Date): Notice[] {
  const groups = new Map<string, { action: Notice['action']; labels: Record<string, string>; alerts: Alert[] }>();
  for (const alert of alerts) {
    const labels = Object.fromEntries(
      alert.rule.group_by
        .filter((name) => alert.labels[name] !== undefined)
        .map((name) => [name, alert.labels[name] as string]),
    );
    for (const action of alert.rule.actions) {
      if (action.type === 'cancel') continue;
      const key = `${keyOf(action)}\n${labelKey(labels)}`;
      const group = groups.get(key);
      if (group) group.alerts.push(alert);
      else groups.set(key, { action, labels, alerts: [alert] });
    }
  }
  return [...groups.values()]
    .filter((group) => group.alerts.some((alert) => alert.news))
    .map(({ action, labels, alerts: all }) => {
      const payload = payloadOf(action, labels, all, externalUrl);
      return {
        id: hash(
          `${keyOf(action)}|${payload.groupKey}|${now.toISOString()}|${payload.alerts.map((one) => one.fingerprint + one.status).join()}`,
        ),
        action,
        payload,
      };
    });
}

function payloadOf(
  action: Notice['action'],
  groupLabels: Record<string, string>,
  alerts: Alert[],
  externalUrl: string,
): WebhookPayload {
  // Firing ones and news first: those are what a cut message must hold.
  const sorted = [...alerts].sort(
    (a, b) => Number(b.news) - Number(a.news) || a.startsAt.getTime() - b.startsAt.getTime(),
  );
  const shown = sorted.slice(0, MAX_ALERTS).map(toWire(externalUrl));
  return {
    version: '4',
    groupKey: `{}:{${Object.entries(groupLabels)
      .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
      .join(', ')}}`,
    truncatedAlerts: Math.max(0, sorted.length - MAX_ALERTS),
    status: alerts.some((alert) => alert.status === 'firing') ? 'firing' : 'resolved',
    receiver: keyOf(action),
    groupLabels,
    commonLabels: common(shown.map((alert) => alert.labels)),
    commonAnnotations: common(shown.map((alert) => alert.annotations)),
    externalURL: externalUrl,
    alerts: shown,
  };
}

const toWire =
  (externalUrl: string) =>
  (alert: Alert): WebhookPayload['alerts'][number] => ({
    status: alert.status,
    labels: alert.labels,
    annotations: { ...alert.rule.annotations, ...(alert.value === null ? {} : { value: String(alert.value) }) },
    startsAt: alert.startsAt.toISOString(),
    endsAt: alert.endsAt?.toISOString() ?? NOT_ENDED,
    generatorURL: `${externalUrl}/api/v1/alarms/${alert.rule.id}`,
    fingerprint: hash(labelKey(alert.labels)),
  });

function common(all: Record<string, string>[]): Record<string, string> {
  const [first = {}, ...rest] = all;
  return Object.fromEntries(Object.entries(first).filter(([name, value]) => rest.every((one) => one[name] === value)));
}
