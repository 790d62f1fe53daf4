import { readFileSync } from 'node:fs';
import { availableParallelism, hostname, release, totalmem, type } from 'node:os';
import type { Config } from '@drover/config';
import type { NodeFacts } from '@drover/domain';
import { JobCgroups, listGpus } from '@drover/executor';
import { addressOf } from './metrics/exposition-server.js';

const MIB = 1024 * 1024;

/** The facts of this node: its equipment. */
export async function nodeFacts(
  config: Config,
  containers: { problem: string | null },
  isolation: { level: string },
): Promise<NodeFacts> {
  const { problem: cgroupProblem } = new JobCgroups();
  return {
    hostname: hostname(),
    version: version(),
    os: `${type()} ${release()}`,
    cpus: availableParallelism(),
    memory_mb: Math.floor(Math.min(totalmem(), process.constrainedMemory() || Infinity) / MIB),
    gpus: await listGpus(),
    labels: { ...config.labels },
    ...(config.queues.some((queue) => queue.slots !== null)
      ? {
          queue_slots: Object.fromEntries(
            config.queues.flatMap(({ name, slots }) => (slots === null ? [] : [[name, slots]])),
          ),
        }
      : {}),
    executors: containers.problem === null ? ['process', 'container'] : ['process'],
    ...(containers.problem === null ? {} : { container_problem: containers.problem }),
    isolation: isolation.level,
    ...(cgroupProblem === null ? {} : { cgroup_problem: cgroupProblem }),
    ...(config.counters.workerMetrics === null
      ? {}
      : { metrics_address: addressOf(config.counters.workerMetrics, hostname()) }),
  };
}

/** The version of the package that this program belongs to. */
function version(): string {
  // From apps/worker/src, and from the same folder below dist.
  for (const up of ['../../../package.json', '../../../../package.json']) {
    try {
      const found = JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8')) as {
        name?: string;
        version?: string;
      };
      if (found.name === 'drover' && found.version !== undefined) return found.version;
    } catch {
      // Not there.
    }
  }
  return '0.0.0';
}
