import { Html, html } from '../../../http/html.js';

const STYLE = `body{font:15px/1.45 system-ui,sans-serif;margin:0;color:#1d2430;background:#f6f7f9}header{background:#1d2430;color:#fff;padding:.7rem 1.5rem}
header a{color:#fff;margin-right:1.2rem;text-decoration:none}main{max-width:72rem;margin:1.2rem auto;padding:0 1.5rem}table{border-collapse:collapse;width:100%;background:#fff}
th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #e3e6ea;vertical-align:top}pre{background:#111722;color:#e6edf3;padding:.8rem;overflow:auto;white-space:pre-wrap}
.columns{display:grid;grid-template-columns:1fr 1fr;gap:1.2rem}.notice{background:#fff3cd;padding:.6rem 1rem}label{display:block;margin:.5rem 0}input[type=text],input[type=number]{width:100%;max-width:30rem;padding:.3rem}
@media(max-width:60rem){.columns{grid-template-columns:1fr}}`;

/** A whole page. Nothing in it comes from another host. */
export function page(title: string, content: Html): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title} - Drover</title><style>${new Html(STYLE)}</style></head>
<body><header><a href="/jobs">Jobs</a><a href="/jobs/submit">Submit</a><a href="/docs">API</a><a href="/page/about">About</a></header><main><h1>${title}</h1>${content}</main></body></html>`.text;
}
