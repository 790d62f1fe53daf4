/**
 * The page that follows a log. `path` ends in `/stream` and comes percent-encoded; it stands in the page as JSON without `<`, and text from the job
 * is put in as text.
 */
export function streamPage(path: string, reason: string): string {
  const literal = (value: string): string => JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Log</title><style>body{margin:1em;font-family:monospace;background:#111;color:#ddd}pre{white-space:pre-wrap;word-break:break-all}</style></head>
<body>
<pre id="log"></pre>
<script>
(function () {
  var url = (location.protocol === 'https:' ? 'wss://' : 'ws://') + location.host + ${literal(path.replace(/stream$/, 'ws/'))};
  var done = ${literal(reason)};
  var log = document.getElementById('log');
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
</script>
</body>
</html>
`;
}
