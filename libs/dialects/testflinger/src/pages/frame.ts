import type { Response } from 'express';
import { consoleAt, html, sendPage, type Html } from '@drover/http';

const NAV = [
  ['/jobs', 'Jobs'],
  ['/agents', 'Agents'],
  ['/queues', 'Queues'],
  ['/docs', 'API'],
] as const;

export const send = (response: Response, title: string, content: Html, status?: number): void =>
  sendPage(response, { title, nav: NAV, content }, status);

export const jobLink = (ref: string): Html => html`<a href="/jobs/${encodeURIComponent(ref)}">${ref}</a>`;
export const agentLink = (name: string): Html => html`<a href="/agents/${encodeURIComponent(name)}">${name}</a>`;
export const queueLink = (name: string): Html => html`<a href="/queues/${encodeURIComponent(name)}">${name}</a>`;

/** Links into the console, for the facts of a page. */
export const inConsole = {
  job: (id: string): Html => html`<a href="${consoleAt.job(id)}">this job</a>`,
  queue: (name: string): Html => html`<a href="${consoleAt.queue(name)}">jobs of this queue</a>`,
  node: (name: string): Html => html`<a href="${consoleAt.node(name)}">this node</a>`,
} as const;

/** Names and values, one a row; rows without a value are left out. */
export function facts(rows: [name: string, value: Html | string | number | null | undefined][]): Html {
  return html`<table>${rows.flatMap(([name, value]) => (value === null || value === undefined || value === '' ? [] : [html`<tr><th>${name}</th><td>${value}</td></tr>`]))}</table>`;
}

export function table(
  head: readonly string[],
  rows: readonly (readonly (Html | Html[] | string | number | null | undefined)[])[],
  none: string,
): Html {
  if (rows.length === 0) return html`<p>${none}</p>`;
  return html`<table><tr>${head.map((title) => html`<th>${title}</th>`)}</tr>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</table>`;
}

/** Links with commas between them. */
export const joined = (links: readonly Html[]): Html[] =>
  links.flatMap((link, at) => (at === 0 ? [link] : [html`, `, link]));
