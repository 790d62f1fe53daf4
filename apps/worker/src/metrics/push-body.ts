import { formatName, parseExposition } from '@drover/exposition';
import type { Ledger, Refusal } from './ledger.js';

export interface Pushed {
  accepted: number;
  refused: Refusal[];
}

const REFUSED_SHOWN = 100;

/** Prometheus text: counters are the program's running totals. */
export function pushText(ledger: Ledger, program: string, text: string): Pushed {
  const { families, faults } = parseExposition(text);
  const pushed = new Tally();
  for (const fault of faults)
    pushed.count({ name: fault.text.slice(0, 100), reason: `line ${fault.line} is no sample` });
  for (const { name: family, type, help, samples } of families) {
    for (const { name: base, labels, value } of samples) {
      const name = formatName(base, labels);
      if (type !== 'counter' && type !== 'gauge') pushed.count({ name, reason: 'has no TYPE counter or gauge' });
      else if (base !== family && base !== `${family}_total`) continue;
      else
        pushed.count(
          ledger.declare(name, type, help) ??
            (type === 'counter' ? ledger.total(program, name, value) : ledger.level(name, value)),
        );
    }
  }
  return pushed.result;
}

/**
 * `{"metrics": [{"name", "type", "doc"?, "labels"?, and one of "add", "total", "value"}]}`. Throws a sentence for
 * anything else.
 */
export function pushJson(ledger: Ledger, program: string, text: string): Pushed {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Error('The body is no valid JSON.');
  }
  const metrics = (body as { metrics?: unknown } | null)?.metrics;
  if (!Array.isArray(metrics)) throw new Error('The body must be {"metrics": [...]}.');
  const pushed = new Tally();
  for (const one of metrics as Record<string, unknown>[]) pushed.count(pushOne(ledger, program, one ?? {}));
  return pushed.result;
}

function pushOne(ledger: Ledger, program: string, one: Record<string, unknown>): Refusal | null {
  const given = typeof one['name'] === 'string' ? one['name'] : '';
  const type = one['type'] ?? ('value' in one ? 'gauge' : 'counter');
  if (type !== 'counter' && type !== 'gauge') return { name: given, reason: 'type must be counter or gauge' };
  const labels =
    one['labels'] !== null && typeof one['labels'] === 'object'
      ? Object.entries(one['labels']).map(([key, value]): [string, string] => [key, String(value)])
      : [];
  const name = labels.length === 0 ? given : formatName(given, labels);
  const refused = ledger.declare(name, type, typeof one['doc'] === 'string' ? one['doc'] : '');
  if (refused) return refused;
  if (type === 'gauge') return 'value' in one ? ledger.level(name, Number(one['value'])) : null;
  if ('add' in one)
    return Number(one['add']) >= 0
      ? ledger.add(name, 'counter', Number(one['add']))
      : { name, reason: 'add must not be negative' };
  return 'total' in one || 'value' in one ? ledger.total(program, name, Number(one['total'] ?? one['value'])) : null;
}

class Tally {
  readonly result: Pushed = { accepted: 0, refused: [] };

  count(refused: Refusal | null): void {
    if (!refused) this.result.accepted += 1;
    else if (this.result.refused.length < REFUSED_SHOWN) this.result.refused.push(refused);
  }
}
