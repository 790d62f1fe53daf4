import { ID, AT, END } from './common.js';

const profileHead = {
  job: ID,
  name: 'solve',
  command: './solve -n 4',
  size: 4,
  queue: 'default',
  owner: 'anonymous',
  node: 'node-1',
  outcome: 'succeeded',
  cause: null,
  exit_code: 0,
  started_at: AT,
  finished_at: END,
  summary: {
    wall_s: 2.25,
    cpu_seconds: 8.5,
    peak_memory_bytes: 52_428_800,
    read_bytes: 4_096,
    write_bytes: 0,
    samples: { samples: 2, cpu_percent_mean: 378, cpu_percent_max: 396, memory_bytes_mean: 50_331_648 },
  },
};
const target = {
  id: ID,
  address: 'localhost:9100',
  url: 'http://localhost:9100/metrics',
  kind: 'prometheus',
  period_s: 5,
  job: null,
  keep: false,
  health: 'up',
  failures: 0,
  last_error: null,
  last_scrape_at: END,
  last_duration_ms: 12,
  series: 512,
  owner: 'anonymous',
  created_at: AT,
};

/** Examples of the shapes of profiles and scrape targets. */
export const profileExamples: Record<string, unknown> = {
  ProfileListDto: { profiles: [profileHead], next: null },
  ProfileDto: {
    ...profileHead,
    metrics: [
      { name: 'app_iterations_total', doc: 'iterations done', type: 'counter', value: 30 },
      {
        name: 'proxy_cpu_total',
        doc: 'Number of tracked CPUs by individual proxies',
        type: 'gauge',
        value: 4,
        min: 4,
        max: 4,
        hits: 1,
      },
    ],
  },
  ComparisonDto: {
    job: profileHead,
    with: ['0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c44'],
    other: { ...profileHead, job: '0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c44' },
    runs: ['0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c44'],
    figures: [
      { name: 'wall_s', with: 1.5, job: 2.25, ratio: 1.5, low: 1.5, high: 1.5, unit: 'seconds', better: 'less' },
    ],
  },
  CurvesDto: {
    step_s: 1,
    runs: ['0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c44'],
    curves: [
      {
        name: 'cpu_percent',
        unit: 'percent',
        per_second: false,
        job: [378, 396],
        with: [190, null],
        low: [190, null],
        high: [190, null],
      },
    ],
  },
  ScrapeTargetDto: { address: 'localhost:9100', period_s: 5, keep: true },
  ScrapeTargetViewDto: target,
  ScrapeTargetListDto: { targets: [target] },
};
