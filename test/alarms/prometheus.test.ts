import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { step, type Condition, type Phase } from '@drover/alarms';

const run = promisify(execFile);

interface Case {
  condition: Condition;
  /** One a second; null: the series is away (Prometheus: stale). */
  values: (number | null)[];
}

/** Small whole numbers around the threshold, with gaps: every transition comes up. Reproducible. */
function randomCase(seed: number): Case {
  let state = seed * 2_654_435_761 + 1;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  let level = 5;
  const values = Array.from({ length: 60 }, () => {
    if (random(12) === 0) return null;
    level = Math.max(0, Math.min(10, level + random(5) - 2));
    return level;
  });
  const operator = (['>', '<', '='] as const)[random(3)] as '>';
  return {
    condition: {
      operator,
      threshold: 5,
      clear_threshold: null,
      for_s: [0, 0, 1, 3, 5][random(5)] as number,
      keep_for_s: [0, 0, 2, 4][random(4)] as number,
      no_data: 'ok',
    },
    values,
  };
}

/** The states that Drover tells at each second. */
function ours({ condition, values }: Case): ('pending' | 'firing' | null)[] {
  let phase: Phase | null = null;
  return values.map((value, second) => {
    phase = step(condition, phase, value, new Date(second * 1000));
    return phase?.state ?? null;
  });
}

describe('the transitions of an alarm', () => {
  it('are those of Prometheus on the same series', async () => {
    const cases = Array.from({ length: 40 }, (_, seed) => randomCase(seed));
    const states = cases.map(ours);
    const folder = mkdtempSync(join(tmpdir(), 'drover-promtool-'));
    try {
      const rules = cases.map(({ condition }, i) => ({
        alert: `a${i}`,
        expr: `m${i} ${condition.operator === '=' ? '==' : condition.operator} ${condition.threshold}`,
        for: `${condition.for_s}s`,
        ...(condition.keep_for_s > 0 ? { keep_firing_for: `${condition.keep_for_s}s` } : {}),
      }));
      // JSON is YAML.
      writeFileSync(join(folder, 'rules.yml'), JSON.stringify({ groups: [{ name: 'g', rules }] }));
      const test = {
        rule_files: ['rules.yml'],
        evaluation_interval: '1s',
        tests: [
          {
            interval: '1s',
            input_series: cases.map(({ values }, i) => ({
              series: `m${i}`,
              values: values.map((value) => (value === null ? 'stale' : String(value))).join(' '),
            })),
            promql_expr_test: cases.flatMap((_, i) =>
              (states[i] as ReturnType<typeof ours>).map((state, second) => ({
                expr: `ALERTS{alertname="a${i}"}`,
                eval_time: `${second}s`,
                exp_samples:
                  state === null
                    ? []
                    : [{ labels: `{__name__="ALERTS", alertname="a${i}", alertstate="${state}"}`, value: 1 }],
              })),
            ),
          },
        ],
      };
      writeFileSync(join(folder, 'test.yml'), JSON.stringify(test));
      const { stdout } = await run('promtool', ['test', 'rules', join(folder, 'test.yml')], {
        timeout: 60_000,
        maxBuffer: 64 * 1024 * 1024,
      });
      expect(stdout).toContain('SUCCESS');
      const seen = states.flat();
      for (const state of ['pending', 'firing', null] as const)
        expect(seen.filter((one) => one === state).length).toBeGreaterThan(50);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
