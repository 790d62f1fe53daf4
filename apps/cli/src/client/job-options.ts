import { InvalidArgumentError, Option, type Command } from 'commander';
import type { SubmitJob } from '@drover/client';

export interface JobOptions {
  queue?: string;
  name?: string;
  image?: string;
  env?: string[];
  workdir?: string;
  tag?: string[];
  priority?: number;
  timeout?: number;
  nodes?: number;
  cpus?: number;
  gpus?: number;
  memory?: number;
  cron?: string;
  timezone?: string;
  retries?: number;
  artifact?: string[];
  startAt?: string;
  waitLimit?: number;
  after?: string[];
  parent?: string;
  webhook?: string[];
  webhookFormat?: 'json' | 'cloudevents';
}

const gather = (value: string, before: string[] = []): string[] => [...before, value];

/** A number, or a message of commander's. */
export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

function positive(text: string): number {
  const value = number(text);
  if (value <= 0) throw new InvalidArgumentError('It must be more than 0.');
  return value;
}

const MIB_OF: Readonly<Record<string, number>> = { K: 1 / 1_024, M: 1, G: 1_024, T: 1_048_576 };

/** `512`, `512M` or `4G` in MiB. */
function mebibytes(text: string): number {
  const [, count = '', unit = 'M'] = /^\s*(\d+(?:\.\d+)?)\s*([KMGT])?(?:i?B)?\s*$/i.exec(text) ?? [];
  if (count === '') throw new InvalidArgumentError('It must be a size such as 512M or 4G.');
  return Math.ceil(Number(count) * (MIB_OF[unit.toUpperCase()] ?? 1));
}

export function jobOptions(command: Command): Command {
  return command
    .option('-q, --queue <queue>', 'the queue in which it waits (default: default)')
    .option('-n, --name <name>', 'a name for people')
    .option('-i, --image <image>', 'run it in a container of this image')
    .option('-e, --env <name=value>', 'environment of the job; may be repeated', gather)
    .option('-w, --workdir <folder>', 'where it runs')
    .option('-t, --tag <tag>', 'may be repeated', gather)
    .option('-p, --priority <n>', 'higher runs first', number)
    .option('--timeout <seconds>', 'longest run time', number)
    .option('--cpus <n>', 'CPUs that it needs', number)
    .option('--memory <size>', 'memory that it needs, e.g. 512M or 4G', mebibytes)
    .option('--gpus <n>', 'GPUs that it needs', number)
    .option('--nodes <n>', 'nodes on which it runs at once', number)
    .option('--retries <n>', 'attempts after the first', number)
    .option('--artifact <glob>', 'files to keep; may be repeated', gather)
    .option('--start-at <time>', 'not before (ISO 8601 with zone)')
    .option('--cron <pattern>', 'again and again, e.g. "0 3 * * *"; each time as a job of its own')
    .option('--timezone <zone>', 'that of --cron, e.g. Europe/Berlin (default: that of this machine)')
    .option('--wait-limit <seconds>', 'give up when it has not started by then: the job expires', positive)
    .option('--after <id>', 'start when this job has succeeded; may be repeated', gather)
    .option('--parent <id>', 'the job that this one is a part of: both show as a family')
    .option('--webhook <url>', 'told when the job has ended; may be repeated', gather)
    .addOption(new Option('--webhook-format <format>', 'what webhooks send').choices(['json', 'cloudevents']));
}

/** The job that the flags describe; fields without a flag are left out. */
export function jobOf(options: JobOptions): SubmitJob {
  const env = options.env?.map((pair): [string, string] => {
    const at = pair.indexOf('=');
    if (at < 1) throw new Error(`--env ${pair} must be name=value.`);
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
  const resources = {
    ...(options.nodes === undefined ? {} : { nodes: options.nodes }),
    ...(options.cpus === undefined ? {} : { cpus_per_task: options.cpus }),
    ...(options.gpus === undefined ? {} : { gpus_per_task: options.gpus }),
    ...(options.memory === undefined ? {} : { memory_mb: options.memory }),
  };
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return {
    ...(options.queue === undefined ? {} : { queue: options.queue }),
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.image === undefined ? {} : { image: options.image }),
    ...(env ? { env: Object.fromEntries(env) } : {}),
    ...(options.workdir === undefined ? {} : { workdir: options.workdir }),
    ...(options.tag ? { tags: options.tag } : {}),
    ...(options.priority === undefined ? {} : { priority: options.priority }),
    ...(options.timeout === undefined ? {} : { limits: { runtime_s: options.timeout } }),
    ...(options.retries === undefined ? {} : { retry: { max: options.retries } }),
    ...(options.artifact ? { artifacts: options.artifact } : {}),
    ...(Object.keys(resources).length === 0 ? {} : { resources }),
    ...(options.cron === undefined ? {} : { cron: { pattern: options.cron, timezone: options.timezone ?? timeZone } }),
    ...(options.startAt === undefined ? {} : { start_at: options.startAt }),
    ...(options.after ? { depends_on: options.after } : {}),
    ...(options.parent === undefined ? {} : { parent_id: options.parent }),
    ...(options.webhook
      ? {
          webhooks: options.webhook.map((url) => ({
            url,
            ...(options.webhookFormat === undefined ? {} : { format: options.webhookFormat }),
          })),
        }
      : {}),
  };
}
