import { createHash } from 'node:crypto';
import { consoleAt, contentPolicy, escapeHtml, LOOK } from '@drover/http';

/** The same for every page, so that the policy can name it: what differs stands in attributes. */
const SCRIPT = `(function () {
  var log = document.getElementById('log');
  var url = (location.protocol === 'https:' ? 'wss://' : 'ws://') + location.host + log.dataset.path;
  var done = log.dataset.done;
  function open() {
    var socket = new WebSocket(url);
    socket.onmessage = function (event) {
      log.appendChild(document.createTextNode(event.data));
      window.scrollTo(0, document.body.scrollHeight);
    };
    socket.onclose = function (event) {
      if (event.reason === done) return;
      setTimeout(function () { log.textContent = ''; open(); }, 5000);
    };
  }
  open();
})();
`;

const source = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** This script and no other, styles of and connections to this server alone. */
export const STREAM_PAGE_POLICY = contentPolicy({
  'script-src': source(SCRIPT),
  'style-src': "'self'",
  'connect-src': "'self'",
  'img-src': 'data:',
});

/** The page that follows a log. `path` ends in `/stream` and comes percent-encoded; text from the job is put in as text. */
export function streamPage(path: string, reason: string, jobId: string | undefined): string {
  const job = jobId === undefined ? '' : `<nav aria-label="Pages"><a href="${consoleAt.job(jobId)}">This job</a></nav>`;
  return `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Log</title><link rel="icon" href="data:,"><link rel="stylesheet" href="${LOOK}"></head>
<body>
<header><a class="brand" href="${consoleAt.home}">Drover</a>${job}</header>
<main class="log"><h1>Log</h1>
<pre id="log" data-path="${escapeHtml(path.replace(/stream$/, 'ws/'))}" data-done="${escapeHtml(reason)}"></pre>
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}
