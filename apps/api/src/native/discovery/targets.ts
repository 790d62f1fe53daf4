import { isIP } from 'node:net';
import { isTerminal, type Agent, type Job, type ScrapeTarget } from '@drover/domain';
import { addressPolicy } from '@drover/outbound';
import type { TargetGroupDto } from './discovery.dto.js';

/** Groups in an answer at most; Prometheus reads the whole list each time. */
const MOST_GROUPS = 10_000;

const ADDRESS = /^(?:\[([0-9a-fA-F:.]{2,45})\]|([0-9a-zA-Z._-]{1,253})):(\d{1,5})$/;

/** Where a worker may be: everywhere but where nobody is ever contacted. */
const ANYWHERE = addressPolicy(['loopback', 'private', 'public']);
/** Names of the metadata services of clouds. */
const METADATA = /^(metadata|instance-data)(\.|$)/;

/**
 * Whether an address that a worker told is `host:port` that Prometheus may be sent to. A worker is trusted with jobs,
 * not with the addresses from which clouds give credentials: those, and link-local ones, are left out in every spelling
 * that a resolver takes (`2852039166`, `0xa9.254.43518`).
 */
export function isScrapable(address: unknown): address is string {
  const match = typeof address === 'string' ? ADDRESS.exec(address) : null;
  const port = Number(match?.[3]);
  if (!match || port < 1 || port > 65_535) return false;
  if (match[1] !== undefined && isIP(match[1]) !== 6) return false;
  const url = `http://${match[1] === undefined ? match[2] : `[${match[1]}]`}`;
  if (!URL.canParse(url)) return false;
  const host = new URL(url).hostname.replace(/^\[|\]$|\.$/g, '');
  return isIP(host) === 0 ? !METADATA.test(host) : ANYWHERE.refusal(host) === null;
}

/** The characters of a label's name; others become underscores. */
const labelName = (text: string): string => text.replaceAll(/\W/g, '_');

/** The list with commas around each item, so that a relabelling finds one by `.*,item,.*`. */
const listed = (items: readonly string[]): string => (items.length === 0 ? '' : `,${items.join(',')},`);

/** The address and scheme under which the asking Prometheus reaches this API. */
export interface SelfAddress {
  host: string;
  scheme: 'http' | 'https';
}

/**
 * Where Prometheus finds the metrics of workers that are not offline. A worker that serves none itself is read through
 * this API, which has the counters of its node.
 */
export function nodeGroups(agents: readonly Agent[], self: SelfAddress): TargetGroupDto[] {
  return agents
    .filter(({ kind, state }) => kind === 'worker' && state !== 'offline')
    .slice(0, MOST_GROUPS)
    .map(({ name, state, queues, slots, facts }) => {
      const address = facts?.metrics_address;
      const own = isScrapable(address);
      return {
        targets: [own ? address : self.host],
        labels: {
          node: name,
          ...(own
            ? {}
            : { instance: name, __scheme__: self.scheme, __metrics_path__: '/metrics', __param_job: `Node: ${name}` }),
          __meta_drover_node: name,
          __meta_drover_via: own ? 'worker' : 'api',
          __meta_drover_state: state,
          __meta_drover_version: String(facts?.version ?? ''),
          __meta_drover_slots: String(slots),
          __meta_drover_queues: listed(queues),
          ...Object.fromEntries(
            Object.entries(facts?.labels ?? {}).map(([key, value]) => [
              `__meta_drover_label_${labelName(key)}`,
              String(value),
            ]),
          ),
        },
      };
    });
}

/** The exporters of jobs that run: scrape targets that name a job. `jobs`: those that the caller may see. */
export function jobGroups(targets: readonly ScrapeTarget[], jobs: readonly Job[]): TargetGroupDto[] {
  const running = new Map(
    jobs.filter(({ state, started_at }) => started_at !== null && !isTerminal(state)).map((job) => [job.id, job]),
  );
  return targets
    .flatMap(({ address, kind, job: id }) => {
      const job = id === null ? undefined : running.get(id);
      if (job === undefined || kind !== 'prometheus') return [];
      return [
        {
          targets: [address],
          labels: {
            job_id: job.id,
            __meta_drover_job_id: job.id,
            __meta_drover_job_name: job.name ?? '',
            __meta_drover_queue: job.queue,
            __meta_drover_project: job.project,
            __meta_drover_node: job.node ?? '',
            __meta_drover_attempt: String(job.attempt),
            __meta_drover_tags: listed(job.tags),
          },
        },
      ];
    })
    .slice(0, MOST_GROUPS);
}
