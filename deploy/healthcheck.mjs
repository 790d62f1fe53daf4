// Exit code 0 when the API of this container answers the path with 2xx. `node deploy/healthcheck.mjs [/readyz]`
const port = process.env.DROVER_PORT ?? '8080';
const path = process.argv[2] ?? '/readyz';

try {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(4_000) });
  if (!answer.ok) {
    console.error(`${path} answers ${answer.status}: ${await answer.text()}`);
    process.exit(1);
  }
} catch (error) {
  console.error(`${path}: ${error.message}`);
  process.exit(1);
}
