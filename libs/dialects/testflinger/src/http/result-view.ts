import { LOG_TYPES, PHASES, type LogType, type Phase } from '../core/job-states.js';
import type { LabLogs } from '../core/logs.js';

/** Inside of a JSON string. */
const inside = (text: string): string => JSON.stringify(text).slice(1, -1);

/**
 * Results as JSON, piece by piece, with `<phase>_output` and `<phase>_serial` joined from the fragments unless an agent
 * posted them itself. Null when there is neither: nothing is known then.
 */
export async function withLogs(
  values: Record<string, unknown> | null,
  ref: string,
  logs: LabLogs,
): Promise<AsyncGenerator<string> | null> {
  const present: { key: string; type: LogType; phase: Phase }[] = [];
  for (const type of LOG_TYPES) {
    const phases = await logs.phases(ref, type, {});
    for (const phase of PHASES) {
      const key = `${phase}_${type}`;
      if ((phases.get(phase)?.last ?? -1) >= 0 && values?.[key] === undefined) present.push({ key, type, phase });
    }
  }
  if (values === null && present.length === 0) return null;
  return write(values ?? {}, present, ref, logs);
}

async function* write(
  values: Record<string, unknown>,
  present: { key: string; type: LogType; phase: Phase }[],
  ref: string,
  logs: LabLogs,
): AsyncGenerator<string> {
  let separator = '{';
  for (const [key, value] of Object.entries(values)) {
    yield `${separator}${JSON.stringify(key)}:${JSON.stringify(value)}`;
    separator = ',';
  }
  for (const { key, type, phase } of present) {
    yield `${separator}"${key}":"`;
    separator = ',';
    for await (const text of logs.texts(ref, type, { phase })) yield inside(text);
    yield '"';
  }
  yield separator === '{' ? '{}' : '}';
}

/** `{"output": {"<phase>": {"last_fragment_number": n, "log_data": "…"}}}`, piece by piece. */
export async function* logView(
  type: LogType,
  phases: Map<Phase, { last: number }>,
  texts: (phase: Phase) => AsyncIterable<string>,
): AsyncGenerator<string> {
  yield `{"${type}":{`;
  let separator = '';
  for (const [phase, { last }] of phases) {
    yield `${separator}"${phase}":{"last_fragment_number":${last},"log_data":"`;
    separator = ',';
    if (last >= 0) for await (const text of texts(phase)) yield inside(text);
    yield '"}';
  }
  yield '}}';
}
