// Programs beside Node that tests need, and where they come from.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Program, Debian package, what cannot be tested without it. */
const TOOLS = [
  {
    program: 'redis-server',
    package: 'redis-server',
    needed: () => !process.env.DROVER_TEST_REDIS_URL,
    for: 'tickets and doorbells in Redis (or set DROVER_TEST_REDIS_URL)',
  },
  { program: 'podman', package: 'podman', needed: () => true, for: 'jobs in containers' },
  { program: 'runc', package: 'runc', needed: () => true, for: 'jobs in containers' },
  { program: 'busybox', package: 'busybox-static', needed: () => true, for: 'jobs in containers' },
  { program: 'prometheus', package: 'prometheus', needed: () => true, for: 'scraping by a real Prometheus' },
  { program: 'promtool', package: 'prometheus', needed: () => true, for: 'checking the exposition' },
  {
    program: 'prometheus-node-exporter',
    package: 'prometheus-node-exporter',
    needed: () => true,
    for: 'scraping a real exporter',
  },
  { program: 'systemd-analyze', package: 'systemd', needed: () => true, for: 'how far systemd locks the API in' },
  { program: 'chromium', package: 'chromium', needed: () => true, for: 'pages in a real browser' },
];

const PATH = `${process.env.PATH ?? ''}${delimiter}/usr/sbin${delimiter}/sbin`;

const isThere = (program) =>
  PATH.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

const missingTools = () => TOOLS.filter((tool) => tool.needed() && !isThere(tool.program));

/** Installs what is missing where that is possible (root on Debian or Ubuntu). Gives what is still missing. */
export function ensureTools(say) {
  const missing = missingTools();
  if (missing.length === 0) return [];
  const packages = [...new Set(missing.map((tool) => tool.package))];
  if (process.getuid?.() !== 0 || !isThere('apt-get')) return missing;
  say(`- Installing ${packages.join(', ')}`);
  const options = {
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 600_000,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  spawnSync('apt-get', ['update', '-qq'], options);
  // One by one: one that this distribution lacks must not keep the others out.
  for (const name of packages) spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], options);
  return missingTools();
}
