import { expect, it } from 'vitest';
import { expressionOf, metricWords } from './metric.js';

it.each([
  ['job_memory_bytes', 8 * 1024 ** 3, '8.0 GiB'],
  ['proxy_network_receive_bytes_total{interface="a_percent"}', 2048, '2.0 KiB'],
  ['job_cpu_percent', 250, '250 %'],
  ['residual', 0.25, '0.25'],
  ['residual', 0.00001, '1.000e-5'],
  ['steps_total', 1234567, (1234567).toLocaleString()],
])('%s of %d is %s', (metric, value, words) => {
  expect(metricWords(metric)(value)).toBe(words);
});

it('a condition is a sentence', () => {
  const rule = {
    metric: 'job_memory_bytes',
    operator: '>',
    threshold: 2048,
    clear_threshold: null,
    for_s: 0,
    keep_for_s: 0,
    no_data: 'ok',
  } as const;
  expect(expressionOf(rule)).toBe('job_memory_bytes above 2.0 KiB');
  expect(expressionOf({ ...rule, for_s: 2, keep_for_s: 300, clear_threshold: 1024, no_data: 'alarm' })).toBe(
    'job_memory_bytes above 2.0 KiB for 2s, or without a value, until it is no longer above 1.0 KiB, and 5m after',
  );
});
