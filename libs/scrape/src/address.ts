import { DroverError } from '@drover/domain';

const HOST = String.raw`(\[[0-9a-fA-F:.]+\]|[^\s/?#@:\[\]]+)`;
const ADDRESS = new RegExp(`^${HOST}(?::(\\d{1,5}))?$`);

/** `host:port`, or `host` for port 80. Throws `invalid`. */
export function checkAddress(text: string, ports: readonly { from: number; to: number }[]): void {
  if (/^https?:\/\//i.test(text))
    throw new DroverError('invalid', 'To should not be an URL (with http://) but host:port', { reason: 'url' });
  const match = ADDRESS.exec(text);
  const port = Number(match?.[2] ?? 80);
  if (!match || text.length > 300 || port < 1 || port > 65_535)
    throw new DroverError('invalid', `Failed to determine type of ${text.slice(0, 200)}`, { reason: 'address' });
  if (!ports.some(({ from, to }) => from <= port && port <= to))
    throw new DroverError('forbidden', `Port ${port} is not among those that may be scraped (DROVER_SCRAPE_PORTS).`);
}
