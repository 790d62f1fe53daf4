import { createHash } from 'node:crypto';
import type { Response } from 'express';
import { contentPolicy } from './page-policy.js';

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

const STYLE = `body{font:15px/1.45 system-ui,sans-serif;margin:0;color:#1d2430;background:#f6f7f9}header{background:#1d2430;padding:.7rem 1.5rem}
header a{color:#fff;margin-right:1.2rem;text-decoration:none}main{max-width:72rem;margin:1.2rem auto;padding:0 1.5rem}table{border-collapse:collapse;width:100%;background:#fff}
th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #e3e6ea;vertical-align:top;overflow-wrap:anywhere}
th{white-space:nowrap}
pre{background:#111722;color:#e6edf3;padding:.8rem;overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere}
.columns{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:1.2rem;align-items:start}.columns pre{margin-top:0;max-height:80vh}.notice{background:#fff3cd;padding:.6rem 1rem}label{display:block;margin:.5rem 0}
input[type=text],input[type=number]{width:100%;max-width:30rem;padding:.3rem;box-sizing:border-box}@media(max-width:60rem){.columns{grid-template-columns:minmax(0,1fr)}}
/* On a phone a wide table scrolls in its own box, and a word stays whole. */
@media(max-width:48rem){main{padding:0 .8rem}header{padding:.7rem .8rem}header a{display:inline-block}table{display:block;overflow-x:auto}
th,td{overflow-wrap:break-word;min-width:3.5rem}td{max-width:75vw}}`;

/** Whether a person looks: a browser asks for a page in so many words, programs do not. */
export const wantsPage = (request: { method: string; headers: { accept?: string } }): boolean =>
  (request.method === 'GET' || request.method === 'HEAD') && /\btext\/html\b/.test(request.headers.accept ?? '');

/** Where the pages are, for those that belong to no dialect. */
const PLACES = [
  ['/ui/', 'Console'],
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

/** The one style of these pages, and no other. */
const STYLE_SOURCE = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

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
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title} - Drover</title><style>${new Html(STYLE)}</style></head>
<body><header>${nav.map(([href, label]) => html`<a href="${href}">${label}</a>`)}</header><main><h1>${title}</h1>${content}</main></body></html>
`.text;
  response.setHeader(
    'Content-Security-Policy',
    contentPolicy({ 'style-src': STYLE_SOURCE, ...(forms ? { 'form-action': "'self'" } : {}) }),
  );
  response.setHeader('Cache-Control', 'no-store');
  response.status(status).type('text/html').send(text);
}
