import type { Response } from 'express';
import { consoleAt } from './console-at.js';
import { contentPolicy } from './page-policy.js';
import { LOOK } from './serve-look.js';

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as it may stand in a page, or between an attribute's quotes. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string);

/** Markup that is not to be escaped again. */
export class Html {
  constructor(readonly text: string) {}
}

type Value = Html | string | number | null | undefined | readonly Value[];

/** A template whose values are escaped, but for markup it made itself. Lists are joined; null and undefined are nothing. */
export function html(parts: TemplateStringsArray, ...values: Value[]): Html {
  return new Html(parts.reduce((text, part, at) => text + show(values[at - 1]) + part));
}

function show(value: Value): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Html) return value.text;
  return typeof value === 'object' ? value.map(show).join('') : escapeHtml(String(value));
}

/** Whether a person looks: a browser asks for a page in so many words, programs do not. */
export const wantsPage = (request: { method: string; headers: { accept?: string } }): boolean =>
  (request.method === 'GET' || request.method === 'HEAD') && /\btext\/html\b/.test(request.headers.accept ?? '');

/** Where the pages are, for those that belong to no dialect. */
const PLACES = [
  ['/jobs', 'Jobs'],
  ['/agents', 'Agents'],
  ['/queues', 'Queues'],
  ['/docs', 'API'],
] as const;

/** The page for a path of nobody. */
export function sendNoPage(response: Response, path: string): void {
  response.setHeader('Vary', 'Accept');
  sendPage(
    response,
    { title: 'No such page', nav: PLACES, content: html`<p>There is nothing at ${path.slice(0, 300)}.</p>` },
    404,
  );
}

export interface Page {
  title: string;
  nav: readonly (readonly [href: string, label: string])[];
  content: Html;
  /** True: the page has forms. They go to this server. */
  forms?: boolean;
}

/**
 * Sends a whole page made on the server. Nothing in it is a script or comes from another host, and browsers are told
 * so.
 */
export function sendPage(response: Response, { title, nav, content, forms = false }: Page, status = 200): void {
  const text = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title} - Drover</title>
<link rel="icon" href="/ui/favicon.svg"><link rel="stylesheet" href="${LOOK}"></head>
<body><header><a class="brand" href="${consoleAt.home}">Drover</a><nav aria-label="Pages">${nav.map(([href, label]) => html`<a href="${href}">${label}</a> `)}</nav></header>
<main><h1>${title}</h1>${content}</main></body></html>
`.text;
  response.setHeader(
    'Content-Security-Policy',
    contentPolicy({ 'style-src': "'self'", 'img-src': "'self'", ...(forms ? { 'form-action': "'self'" } : {}) }),
  );
  response.setHeader('Cache-Control', 'no-store');
  response.status(status).type('text/html').send(text);
}
