import { createHash } from 'node:crypto';
import { escapeHtml, contentPolicy } from '@drover/http';

const STYLE =
  'body{margin:1em;font-family:monospace;background:#111;color:#ddd}pre{white-space:pre-wrap;word-break:break-all}';

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

/** This script and no other, this style and no other, connections to this server alone. */
export const STREAM_PAGE_POLICY = contentPolicy({
  'script-src': source(SCRIPT),
  'style-src': source(STYLE),
  'connect-src': "'self'",
  'img-src': 'data:',
});

/** The page that follows a log. `path` ends in `/stream` and comes percent-encoded; text from the job is put in as text. */
export function streamPage(path: string, reason: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Log</title><link rel="icon" href="data:,"><style>${STYLE}</style></head>
<body>
<pre id="log" data-path="${escapeHtml(path.replace(/stream$/, 'ws/'))}" data-done="${escapeHtml(reason)}"></pre>
<script>${SCRIPT}</script>
</body>
</html>
`;
}
