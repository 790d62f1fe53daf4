import { MAIN, type AlarmRule, type AlarmSilence, type SilenceMatcher } from '@drover/domain';
import type { AlarmEntry } from './ports.js';

/** The labels that tell an alert from others. */
export function labelsOf(
  rule: AlarmRule,
  entry: Pick<AlarmEntry, 'id' | 'kind' | 'queue' | 'command'>,
): Record<string, string> {
  const about: Record<string, string> =
    entry.kind === 'job'
      ? {
          job: entry.id,
          ...(entry.queue === null ? {} : { queue: entry.queue }),
          ...(entry.command === '' ? {} : { command: entry.command }),
        }
      : entry.kind === 'node'
        ? { node: entry.id.slice('Node: '.length) }
        : {};
  return {
    ...rule.labels,
    ...about,
    alertname: rule.name,
    severity: rule.severity,
    entry: entry.kind === 'main' ? MAIN : entry.id,
    metric: rule.metric,
  };
}

/** Stars a pattern may hold: they run on every firing alert each second. */
export const MAX_STARS = 20;

export function matches(matcher: SilenceMatcher, labels: Record<string, string>): boolean {
  const value = labels[matcher.name] ?? '';
  const same = matcher.glob ? globbed(matcher.value, value) : value === matcher.value;
  return same === matcher.equal;
}

/** Left to right, each part at the first place it fits: linear, whatever the pattern. */
function globbed(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return text === pattern;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

export const isSilenced = (silences: readonly AlarmSilence[], labels: Record<string, string>, now: Date): boolean =>
  silencedUntil(silences, labels, now) !== null;

/** When the last of the silences ends that hold an alert back now. Null: there is none. */
export function silencedUntil(
  silences: readonly AlarmSilence[],
  labels: Record<string, string>,
  now: Date,
): Date | null {
  let last: Date | null = null;
  for (const { starts_at, ends_at, matchers } of silences) {
    if (starts_at > now || ends_at <= now || (last !== null && ends_at <= last)) continue;
    if (matchers.every((matcher) => matches(matcher, labels))) last = ends_at;
  }
  return last;
}

/** Prometheus' fingerprint is a hash of the labels; any stable one serves. */
export function labelKey(labels: Record<string, string>, names?: readonly string[]): string {
  const keys = (names ?? Object.keys(labels)).filter((name) => labels[name] !== undefined).sort();
  return JSON.stringify(keys.map((name) => [name, labels[name]]));
}

/** An entry of which nothing is known but its id. */
export const bareEntry = (id: string): AlarmEntry => ({
  id,
  kind: id === MAIN ? 'main' : id.startsWith('Node: ') ? 'node' : 'job',
  queue: null,
  command: '',
});
