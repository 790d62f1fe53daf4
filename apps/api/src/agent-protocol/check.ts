import { AGENT_BLOCKS, invalid, STREAMS, type FieldFault, type Stream } from '@drover/domain';
import { isUuid } from '@drover/jobs';
import {
  MAX_BATCH,
  type ClaimsRequest,
  type FreeSlots,
  type HeartbeatRequest,
  type NextJobs,
  type RegisterRequest,
  type ReportItem,
  type ReportsRequest,
} from '@drover/protocol';

/*
 * The agent protocol is spoken by our own worker at thousands of items a second; these checks are a few comparisons an item, where a
 * class-validator pass would be the larger part of the request.
 */

const object = (value: unknown): Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
const text = (value: unknown, max: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= max && !value.includes('\u0000');
const whole = (value: unknown, max = Number.MAX_SAFE_INTEGER): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max;

function check(faults: FieldFault[]): void {
  if (faults.length > 0) throw invalid(faults.slice(0, 20));
}

export function checkRegister(body: unknown): RegisterRequest {
  const b = object(body);
  const faults: FieldFault[] = [];
  if (!text(b['name'], 200)) faults.push({ field: 'name', message: 'must be a text of 1 to 200 characters' });
  if (!text(b['boot_id'], 200)) faults.push({ field: 'boot_id', message: 'must be a text of 1 to 200 characters' });
  if (!isQueues(b['queues'])) faults.push({ field: 'queues', message: 'must be a list of queue names' });
  if (b['protocol'] !== undefined && !whole(b['protocol'], 1_000_000))
    faults.push({ field: 'protocol', message: 'must be a whole number: the version of the agent protocol' });
  if (!whole(b['slots'], 100_000)) faults.push({ field: 'slots', message: 'must be a whole number' });
  const facts = object(b['facts']);
  if (!text(facts['hostname'], 500)) faults.push({ field: 'facts.hostname', message: 'must be a text' });
  if (!Array.isArray(facts['executors']) || !facts['executors'].every((one) => text(one, 100)))
    faults.push({ field: 'facts.executors', message: 'must be a list of texts' });
  check(faults);
  return b as unknown as RegisterRequest;
}

function isQueues(value: unknown): boolean {
  return Array.isArray(value) && value.length <= 1_000 && value.every((queue) => text(queue, 200));
}

const isSize = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isDisk = (value: unknown): boolean => {
  const { free_bytes: free, total_bytes: total } = object(value);
  return isSize(free) && isSize(total);
};

export function checkHeartbeat(body: unknown): HeartbeatRequest {
  const b = object(body);
  const faults: FieldFault[] = [];
  if (!whole(b['slots_free'], 100_000)) faults.push({ field: 'slots_free', message: 'must be a whole number' });
  if (
    !Array.isArray(b['running']) ||
    b['running'].length > 100_000 ||
    !b['running'].every((e) => isUuid(String(object(e)['execution_id'])))
  ) {
    faults.push({ field: 'running', message: 'must be a list of {execution_id, epoch}' });
  }
  if (b['cpu_load'] !== undefined && !(Number.isFinite(b['cpu_load']) && (b['cpu_load'] as number) >= 0))
    faults.push({ field: 'cpu_load', message: 'must be a number from 0 on' });
  if (b['disk'] !== undefined && !isDisk(b['disk']))
    faults.push({ field: 'disk', message: 'must be {free_bytes, total_bytes}: whole numbers from 0 on' });
  if (b['blocked_by'] !== undefined && !AGENT_BLOCKS.some((block) => block === b['blocked_by']))
    faults.push({ field: 'blocked_by', message: `must be one of ${AGENT_BLOCKS.join(', ')}` });
  if (b['clock_skew_ms'] !== undefined && !Number.isSafeInteger(b['clock_skew_ms']))
    faults.push({ field: 'clock_skew_ms', message: 'must be a whole number' });
  faults.push(...faultOfFree(b['free']), ...faultOfNext(b['next']));
  if (b['queues'] !== undefined && !isQueues(b['queues']))
    faults.push({ field: 'queues', message: 'must be a list of queue names' });
  check(faults);
  return b as unknown as HeartbeatRequest;
}

export function checkClaims(body: unknown): ClaimsRequest {
  const { tickets, free } = object(body);
  const faults: FieldFault[] = faultOfFree(free);
  if (!Array.isArray(tickets) || tickets.length === 0 || tickets.length > MAX_BATCH)
    faults.push({ field: 'tickets', message: `must be a list of 1 to ${MAX_BATCH} tickets` });
  else if (!tickets.every((t) => text(object(t)['ticket_id'], 300) && isUuid(String(object(t)['job_id']))))
    faults.push({ field: 'tickets', message: 'must hold {ticket_id, job_id}' });
  check(faults);
  return body as ClaimsRequest;
}

export function checkReports(body: unknown): ReportsRequest {
  const { items, free, next } = object(body);
  if (!Array.isArray(items) || items.length === 0 || items.length > MAX_BATCH)
    throw invalid([{ field: 'items', message: `must be a list of 1 to ${MAX_BATCH} items` }]);
  check([
    ...items.flatMap((item, index) => faultOfItem(object(item), index)),
    ...faultOfFree(free),
    ...faultOfNext(next),
  ]);
  return body as ReportsRequest;
}

/** Slots of a node at most, as at its registration. */
const MOST_SLOTS = 100_000;
const MOST_QUEUES = 1_000;

function faultOfFree(free: unknown): FieldFault[] {
  if (free === undefined) return [];
  const { slots, of_queues: ofQueues } = object(free) as Partial<FreeSlots>;
  const caps = Object.values(object(ofQueues ?? {}));
  return whole(slots, MOST_SLOTS) && caps.length <= MOST_QUEUES && caps.every((cap) => whole(cap, MOST_SLOTS))
    ? []
    : [{ field: 'free', message: 'must be {slots, of_queues?}, with whole numbers' }];
}

/** Queues asked for at most, and jobs of each: what one claim can do. */
const NEXT_QUEUES = 32;

function faultOfNext(next: unknown): FieldFault[] {
  if (next === undefined) return [];
  const { slots, queues } = object(next) as Partial<NextJobs>;
  const isPair = (pair: unknown): boolean =>
    Array.isArray(pair) && pair.length === 2 && text(pair[0], 200) && whole(pair[1], MAX_BATCH);
  return whole(slots, MAX_BATCH) && Array.isArray(queues) && queues.length <= NEXT_QUEUES && queues.every(isPair)
    ? []
    : [
        {
          field: 'next',
          message: `must be {slots, queues}: at most ${MAX_BATCH} slots, and [name, most] of at most ${NEXT_QUEUES} queues`,
        },
      ];
}

const KINDS = new Set<ReportItem['kind']>(['started', 'phase', 'declined', 'chunk', 'samples', 'ended']);

function faultOfItem(item: Record<string, unknown>, index: number): FieldFault[] {
  const at = (field: string, message: string): FieldFault[] => [{ field: `items.${index}.${field}`, message }];
  if (!isUuid(String(item['execution_id']))) return at('execution_id', 'must be an execution id');
  if (!whole(item['epoch'])) return at('epoch', 'must be a whole number');
  if (!KINDS.has(item['kind'] as ReportItem['kind'])) return at('kind', `must be one of ${[...KINDS].join(', ')}`);
  if (item['kind'] === 'chunk') {
    if (!isStream(item['stream'])) return at('stream', 'must be stdout or stderr');
    if (
      !whole(item['offset']) ||
      !whole(item['length']) ||
      !whole(item['sequence']) ||
      typeof item['data'] !== 'string'
    )
      return at('offset', 'a chunk needs offset, length, sequence and data');
    if (item['lines'] !== undefined && !(whole(item['lines'], item['length']) && typeof item['open'] === 'boolean'))
      return at('lines', 'must be a whole number, at most the length; open, true or false, goes with it');
  }
  if (item['kind'] === 'declined' && !text(item['reason'], 1_000)) return at('reason', 'must be a text');
  if (item['kind'] === 'samples' && !Array.isArray(item['samples'])) return at('samples', 'must be a list');
  if (item['kind'] === 'ended') {
    for (const stream of STREAMS) {
      const digest = object(item[stream]);
      if (!whole(digest['bytes']) || !/^[0-9a-f]{64}$/.test(String(digest['sha256'])))
        return at(stream, 'must be {bytes, sha256}');
    }
    if (typeof item['ok'] !== 'boolean') return at('ok', 'must be true or false');
  }
  return [];
}

export const isStream = (value: unknown): value is Stream => value === 'stdout' || value === 'stderr';
export { whole };
