import type { AlarmAction, Series } from '@drover/domain';

/** An entry of the counters that alarms can look at. */
export interface AlarmEntry {
  id: string;
  kind: 'main' | 'node' | 'job';
  queue: string | null;
  command: string;
}

/** Where the values come from; libs/metrics has it. */
export interface SeriesSource {
  /** `metrics`: the names that will be asked for. */
  refresh(metrics?: Iterable<string>): Promise<void>;
  entries(): AlarmEntry[];
  entry(id: string): AlarmEntry | null;
  /** By its full name; null: the entry does not have it. */
  find(entry: string, metric: string): Series | null;
}

/** Alertmanager's webhook payload, version 4. */
export interface WebhookPayload {
  version: '4';
  groupKey: string;
  truncatedAlerts: number;
  status: 'firing' | 'resolved';
  receiver: string;
  groupLabels: Record<string, string>;
  commonLabels: Record<string, string>;
  commonAnnotations: Record<string, string>;
  externalURL: string;
  alerts: {
    status: 'firing' | 'resolved';
    labels: Record<string, string>;
    annotations: Record<string, string>;
    startsAt: string;
    endsAt: string;
    generatorURL: string;
    fingerprint: string;
  }[];
}

/** One message to be told once; libs/notifications delivers it, with retries. */
export interface Notice {
  /** The same when the evaluation is repeated after a crash. */
  id: string;
  action: Exclude<AlarmAction, { type: 'cancel' }>;
  payload: WebhookPayload;
}

export interface ActionSink {
  notify(notices: Notice[]): Promise<void>;
  /** A job that has ended meanwhile is left alone. */
  cancelJob(entry: string, reason: string): Promise<void>;
}

export interface AlarmsLogger {
  warn(data: object, message: string): void;
}
