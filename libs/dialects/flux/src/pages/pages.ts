import type { JobObject } from '@drover/dialects/v1-jobs';
import { safeText } from '@drover/domain';
import { consoleAt, html, type Html, type Page } from '@drover/http';
import { page } from './frame.js';

export interface Field {
  name: string;
  label: string;
  kind: 'text' | 'number' | 'checkbox';
}

/** The form of a submit; empty means not given. */
export const FIELDS: readonly Field[] = [
  { name: 'command', label: 'Command', kind: 'text' },
  { name: 'workdir', label: 'Working directory', kind: 'text' },
  { name: 'num_tasks', label: 'Tasks', kind: 'number' },
  { name: 'num_nodes', label: 'Nodes', kind: 'number' },
  { name: 'runtime', label: 'Time limit in seconds (0: none)', kind: 'number' },
  { name: 'cores_per_task', label: 'Cores a task', kind: 'number' },
  { name: 'gpus_per_task', label: 'GPUs a task', kind: 'number' },
  { name: 'option_flags', label: 'Options (k=v,k2=v2)', kind: 'text' },
  { name: 'exclusive', label: 'Whole nodes', kind: 'checkbox' },
  { name: 'is_launcher', label: 'A launcher (nextflow, snakemake)', kind: 'checkbox' },
];

/** A value of a job as the pages show it. */
const shown = (value: unknown): string =>
  typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value);

export const about = (): Page =>
  page('About', html`<p>A queue-backed job broker with worker agents. These pages speak for its Flux RESTful API.</p>`);

export const loggedOut = (): Page =>
  page('Logged out', html`<p>Nothing is kept here of a login. Your browser may send it again until it is closed.</p>`);

export const noSuchJob = (): Page => page('No such job', html`<p>There is no job with this id.</p>`);

const jobLink = (id: string): Html => html`<a href="/job/${encodeURIComponent(id)}">${id}</a>`;

export function jobTable(jobs: JobObject[], start: number, length: number, total: number, query: string): Page {
  const at = (to: number): string => `/jobs?start=${to}&query=${encodeURIComponent(query)}`;
  return page(
    'Jobs',
    html`<form method="get" action="/jobs"><input type="text" name="query" value="${query}" aria-label="Text to look for"> <button>Search</button></form>
<table><thead><tr><th>Id</th><th>State</th><th>Result</th><th>Name</th><th>Tasks</th><th>Nodes</th><th>Return code</th><th>Runtime</th></tr></thead><tbody>
${jobs.map((job) => html`<tr><td>${jobLink(job.id)}</td><td>${job.state}</td><td>${shown(job['result'])}</td><td>${shown(job['name'])}</td><td>${shown(job['ntasks'])}</td><td>${shown(job['nodelist'])}</td><td>${shown(job['returncode'])}</td><td>${Number(job['runtime']).toFixed(1)}</td></tr>`)}
</tbody></table><p>${start > 0 ? html`<a href="${at(Math.max(0, start - length))}">Newer</a> ` : ''}${jobs.length === length ? html`<a href="${at(start + length)}">Older</a> ` : ''}${total} in all</p>`,
  );
}

/** The job as the record has it, for links into the console. */
interface Recorded {
  id: string;
  queue: string;
  node: string | null;
}

const inConsole = ({ id, queue, node }: Recorded): Html =>
  html`<p>In the console: <a href="${consoleAt.job(id)}">this job</a>, <a href="${consoleAt.queue(queue)}">its queue ${queue}</a>${node === null ? '' : html`, <a href="${consoleAt.node(node)}">its node ${node}</a>`}</p>`;

export function jobPage(
  job: JobObject,
  recorded: Recorded,
  { lines, cut, message }: { lines: string[]; cut: boolean; message: string | undefined },
): Page {
  const live = job.state !== 'INACTIVE';
  return page(
    `Job ${job.id}`,
    html`${message ? html`<p class="notice">${message}</p>` : ''}
${inConsole(recorded)}
${live ? html`<form method="post" action="/job/${encodeURIComponent(job.id)}/cancel"><button>Cancel</button></form>` : ''}
<div class="columns"><table><tbody>${Object.entries(job).map(([name, value]) => html`<tr><th>${name}</th><td>${shown(value)}</td></tr>`)}</tbody></table>
<div>${cut ? html`<p>The last lines; <a href="/v1/jobs/${encodeURIComponent(job.id)}/output/stream">all of it</a>.</p>` : ''}<pre>${safeText(lines.join('')) || 'No output yet.'}</pre></div></div>`,
  );
}

export function submitPage(values: Record<string, unknown>, errors: string[]): Page {
  const input = ({ name, label, kind }: Field): Html =>
    kind === 'checkbox'
      ? html`<label><input type="checkbox" name="${name}"${values[name] === 'on' ? html` checked` : ''}> ${label}</label>`
      : html`<label>${label}<br><input type="${kind}" name="${name}" value="${shown(values[name])}"></label>`;
  return page(
    'Submit',
    html`${errors.length > 0 ? html`<ul class="notice">${errors.map((error) => html`<li>${error}</li>`)}</ul>` : ''}
<form method="post" action="/jobs/submit">${FIELDS.map(input)}<button>Submit</button></form>`,
  );
}

export const submitted = (id: string, message: string): Page =>
  page('Submitted', html`<p>${message}</p><p>${id === 'MANY' ? html`<a href="/jobs">Jobs</a>` : jobLink(id)}</p>`);
