import type { Response } from 'express';

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as it may stand in a page, or between an attribute's quotes. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string);

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
pre{background:#111722;color:#e6edf3;padding:.8rem;overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere}
.columns{display:grid;grid-template-columns:1fr 1fr;gap:1.2rem}.notice{background:#fff3cd;padding:.6rem 1rem}label{display:block;margin:.5rem 0}
input[type=text],input[type=number]{width:100%;max-width:30rem;padding:.3rem}@media(max-width:60rem){.columns{grid-template-columns:1fr}}`;

export interface Page {
  title: string;
  nav: readonly (readonly [href: string, label: string])[];
  content: Html;
  /** It has forms; they go to this server. */
  forms?: boolean;
}

/** Sends a whole page made on the server. Nothing in it is a script or comes from another host, and browsers are told so. */
export function sendPage(response: Response, { title, nav, content, forms = false }: Page, status = 200): void {
  const text = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title} - Drover</title><style>${new Html(STYLE)}</style></head>
<body><header>${nav.map(([href, label]) => html`<a href="${href}">${label}</a>`)}</header><main><h1>${title}</h1>${content}</main></body></html>
`.text;
  response.setHeader('Content-Security-Policy', `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action ${forms ? "'self'" : "'none'"}; frame-ancestors 'none'`);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'same-origin');
  response.setHeader('Cache-Control', 'no-store');
  response.status(status).type('text/html').send(text);
}
