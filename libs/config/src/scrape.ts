import { section } from './section.js';
import { integer, list, seconds, Unfit } from './variable.js';

/** A port, or `from-to`. */
function parsePorts(item: string): { from: number; to: number } {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(item);
  const from = Number(match?.[1]);
  const to = Number(match?.[2] ?? match?.[1]);
  if (!match || from < 1 || to > 65_535 || from > to) {
    throw new Unfit('must be a list of ports or ranges, such as 9100,9200-9299.');
  }
  return { from, to };
}

/** Scrape targets: Prometheus exporters and other proxies that the broker reads. */
export const scrape = section('Scrape targets', {
  periodS: seconds('DROVER_SCRAPE_PERIOD', {
    about: 'Time between two scrapes of a target, and of the system metrics of the API itself.',
    default: 5,
    min: 0.1,
    max: 86_400,
  }),
  timeoutS: seconds('DROVER_SCRAPE_TIMEOUT', {
    about: 'Longest wait for a scrape target.',
    default: 10,
    min: 0.1,
    max: 600,
  }),
  maxTargets: integer('DROVER_SCRAPE_TARGETS', { about: 'Most scrape targets.', default: 1_000, min: 1, max: 100_000 }),
  maxSeries: integer('DROVER_TARGET_SERIES', {
    about: 'Series taken from one scrape target; of another proxy: from each of its entries (main, nodes, jobs).',
    default: 20_000,
    min: 1,
    max: 1_000_000,
  }),
  networks: list(
    'DROVER_SCRAPE_ALLOW',
    'networks in CIDR notation, or public, private, loopback',
    {
      about: 'Networks in which scrape targets may be. Link-local and metadata addresses never.',
      default: ['loopback', 'private'],
    },
    (item) => item,
  ),
  ports: list(
    'DROVER_SCRAPE_PORTS',
    'ports or ranges',
    { about: 'Ports that scrape targets may have.', default: [{ from: 1, to: 65_535 }], fallback: 'all' },
    parsePorts,
  ),
});
