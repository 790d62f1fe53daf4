import { isSecretName, type Job } from '@drover/domain';
import { html, type Html } from '@drover/http';
import { agentLink, facts, inConsole, jobLink, queueLink, table } from './frame.js';

export interface JobView {
  ref: string;
  job: Job;
  /** The state in this dialect's words. */
  state: string;
  /** Jobs that go before it; null when it does not wait. */
  position: number | null;
  codes: Record<string, number>;
  deviceInfo: unknown;
  document: Record<string, unknown>;
  /** The end of each log that has any text. */
  logs: { type: string; phase: string; text: string; cut: boolean }[];
  /** Bytes of the archive of artifacts; null without one. */
  archive: number | null;
  parent: string | null;
}

/** One job: what it is, how it goes, the end of its output. */
export function jobPage({
  ref,
  job,
  state,
  position,
  codes,
  deviceInfo,
  document,
  logs,
  archive,
  parent,
}: JobView): Html {
  const base = `/v1/result/${encodeURIComponent(ref)}`;
  return html`${facts([
    ['State', state],
    ['In the console', inConsole.job(job.id)],
    ['Jobs before it', position],
    ['Why', job.cause_detail],
    ['Queue', queueLink(job.queue)],
    ['Agent', job.node === null ? null : agentLink(job.node)],
    ['Name', job.name],
    ['Tags', job.tags.join(', ')],
    ['Priority', job.priority],
    ['Owner', job.owner],
    ['Parent', parent === null ? null : jobLink(parent)],
    ['Created', time(job.created_at)],
    ['Taken', time(job.claimed_at)],
    ['Finished', time(job.finished_at)],
    ['Artifacts', archive === null ? null : html`<a href="${base}/artifact">${archive} bytes</a>`],
    [
      'As data',
      html`<a href="/v1/job/${encodeURIComponent(ref)}">definition</a>, <a href="${base}">results</a>, <a href="/api/v1/jobs/${job.id}">record</a>`,
    ],
  ])}
<h2>Phases</h2>${table(['Phase', 'Exit code'], Object.entries(codes), 'No phase has ended yet.')}
${deviceInfo === undefined ? null : html`<h2>Device</h2><pre>${pretty(deviceInfo)}</pre>`}
${logs.map(
  ({ type, phase, text, cut }) =>
    html`<h2>${phase}: ${type}</h2>${cut ? html`<p>The end of it; <a href="${base}/log/${type}?phase=${phase}">all of it</a>.</p>` : null}<pre>${text}</pre>`,
)}
<h2>Definition</h2><pre>${pretty(masked(document))}</pre>`;
}

const time = (date: Date | null): string | null => date?.toISOString() ?? null;
const pretty = (value: unknown): string => JSON.stringify(value, null, 2) ?? '';

/** Passwords of devices are for their agents, not for onlookers. What `secrets` holds are paths. */
function masked(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return name !== '' && isSecretName(name) ? '***' : value;
  if (Array.isArray(value)) return value.map((one) => masked(one));
  if (typeof value !== 'object' || value === null || name === 'secrets') return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, masked(one, key)]));
}
