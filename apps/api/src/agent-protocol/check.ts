import { AGENT_BLOCKS, CAUSES, invalid, STREAMS, type FieldFault, type Stream } from '@drover/domain';
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
import { factsIn } from './check-facts.js';
import { MOST_INTEGER, object, text, uuid, whole } from './check-values.js';

/*
 * The agent protocol is spoken by our own worker at thousands of items a second; these checks are a few comparisons an
 * item, where a class-validator pass would be the larger part of the request.
 */

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
  const { facts, faults: ofFacts } = factsIn(b['facts']);
  check([...faults, ...ofFacts]);
  return { ...(b as unknown as RegisterRequest), facts };
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
    !b['running'].every((e) => uuid(object(e)['execution_id']))
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
  if (b['draining'] !== undefined && typeof b['draining'] !== 'boolean')
    faults.push({ field: 'draining', message: 'must be true or false' });
  faults.push(...faultOfFree(b['free']), ...faultOfNext(b['next']));
  if (b['queues'] !== undefined && !isQueues(b['queues']))
    faults.push({ field: 'queues', message: 'must be a list of queue names' });
  const told = b['facts'] === undefined ? undefined : factsIn(b['facts']);
  check([...faults, ...(told?.faults ?? [])]);
  return { ...(b as unknown as HeartbeatRequest), ...(told === undefined ? {} : { facts: told.facts }) };
}

export function checkClaims(body: unknown): ClaimsRequest {
  const { tickets, free } = object(body);
  const faults: FieldFault[] = faultOfFree(free);
  if (!Array.isArray(tickets) || tickets.length === 0 || tickets.length > MAX_BATCH)
    faults.push({ field: 'tickets', message: `must be a list of 1 to ${MAX_BATCH} tickets` });
  else if (!tickets.every((t) => text(object(t)['ticket_id'], 300) && uuid(object(t)['job_id'])))
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
  if (!uuid(item['execution_id'])) return at('execution_id', 'must be an execution id');
  if (!whole(item['epoch'], MOST_INTEGER)) return at('epoch', 'must be a whole number');
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
  if (item['kind'] === 'started') {
    if (!isOptional(item['pid'], (pid) => whole(pid, MOST_INTEGER))) return at('pid', 'must be a whole number or null');
    if (!isOptional(item['container_id'], (id) => id === '' || text(id, 200)))
      return at('container_id', 'must be a text');
    if (!isOptional(item['preamble_bytes'], whole)) return at('preamble_bytes', 'must be a whole number');
  }
  if (item['kind'] === 'phase') {
    if (!text(item['phase'], 100)) return at('phase', 'must be a text of 1 to 100 characters');
    if (!isOptional(item['exit_code'], isInteger)) return at('exit_code', 'must be a whole number or null');
  }
  if (item['kind'] === 'samples') {
    const { samples } = item;
    if (!Array.isArray(samples) || samples.length > MOST_SAMPLES || !samples.every(isSample))
      return at('samples', `must be a list of at most ${MOST_SAMPLES} samples, each with its time and numbers or null`);
  }
  if (item['kind'] === 'ended') {
    for (const stream of STREAMS) {
      const digest = object(item[stream]);
      if (!whole(digest['bytes']) || !/^[0-9a-f]{64}$/.test(String(digest['sha256'])))
        return at(stream, 'must be {bytes, sha256}');
    }
    if (typeof item['ok'] !== 'boolean') return at('ok', 'must be true or false');
    if (!isOptional(item['cause'], (cause) => CAUSES.some((one) => one === cause)))
      return at('cause', `must be null or one of ${CAUSES.join(', ')}`);
    if (!isOptional(item['exit_code'], isInteger)) return at('exit_code', 'must be a whole number or null');
    if (!isOptional(item['signal'], (signal) => text(signal, 100))) return at('signal', 'must be a text or null');
    if (!isOptional(item['cause_detail'], (detail) => typeof detail === 'string'))
      return at('cause_detail', 'must be a text or null');
  }
  return [];
}

/** Samples of one report at most. */
const MOST_SAMPLES = 1_000;
const MOST_DEVICES = 256;
const RATES = ['cpu_percent', 'gpu_percent', 'cpu_seconds'] as const;
const COUNTS = ['memory_bytes', 'read_bytes', 'write_bytes', 'processes', 'gpu_memory_bytes'] as const;
const OF_DEVICE = [
  'utilization_percent',
  'memory_used_bytes',
  'memory_total_bytes',
  'temperature_celsius',
  'power_watts',
] as const;

const isOptional = (value: unknown, fits: (value: unknown) => boolean): boolean => value == null || fits(value);
const isInteger = (value: unknown): boolean => Number.isInteger(value) && Math.abs(value as number) <= MOST_INTEGER;
const isNumber = (value: unknown): boolean => value == null || Number.isFinite(value);

function isSample(value: unknown): boolean {
  const sample = object(value);
  const { at, gpu_devices: devices } = sample;
  return (
    typeof at === 'string' &&
    !Number.isNaN(Date.parse(at)) &&
    RATES.every((name) => isNumber(sample[name])) &&
    COUNTS.every((name) => sample[name] == null || whole(sample[name])) &&
    isOptional(
      devices,
      (list) => Array.isArray(list) && list.length <= MOST_DEVICES && list.every((one) => isDevice(object(one))),
    )
  );
}

const isDevice = (device: Record<string, unknown>): boolean =>
  whole(device['index'], MOST_INTEGER) &&
  (device['vendor'] === 'nvidia' || device['vendor'] === 'amd') &&
  isOptional(device['uuid'], (id) => id === '' || text(id, 200)) &&
  OF_DEVICE.every((name) => isNumber(device[name]));

export const isStream = (value: unknown): value is Stream => value === 'stdout' || value === 'stderr';
export { whole };
