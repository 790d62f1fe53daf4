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
    .option('--retries <n>', 'attempts after the first', number)
    .option('--artifact <glob>', 'files to keep; may be repeated', gather)
    .option('--start-at <time>', 'not before (ISO 8601 with zone)')
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
