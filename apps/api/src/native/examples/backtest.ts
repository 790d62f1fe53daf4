const AT = '2030-01-31T08:00:00.000Z';
const FIRED = '2030-01-31T08:00:30.000Z';
const END = '2030-01-31T08:04:00.000Z';

/** The examples of shapes about backtests. */
export function backtestExamples(jobId: string): Record<string, unknown> {
  const points = [
    { at: AT, value: 8.1e9 },
    { at: FIRED, value: 9e9 },
  ];
  const firing = {
    job: jobId,
    evidence: 'samples',
    certain: true,
    active_at: AT,
    fired_at: FIRED,
    ended_at: END,
    seconds: 210,
    value: 9e9,
    points,
  };
  const series = {
    job: jobId,
    name: 'nightly',
    evidence: 'samples',
    from: '2030-01-31T07:50:00.000Z',
    fired: 1,
    offsets_s: [0, 600, 630],
    values: [4e9, 8.1e9, 9e9],
  };
  const job = {
    job: jobId,
    name: 'nightly',
    from: AT,
    to: END,
    evidence: 'samples',
    readings: 240,
    min: 1e9,
    max: 9.2e9,
    fired: 1,
  };
  return {
    BacktestDto: {
      name: 'too much memory',
      queue: 'default',
      metric: 'job_memory_bytes',
      operator: '>',
      threshold: 8e9,
      for_s: 30,
      window_s: 2_592_000,
      series: 20,
    },
    BacktestFiringDto: firing,
    BacktestJobDto: job,
    BacktestSeriesDto: series,
    BacktestResultDto: {
      from: '2030-01-01T08:10:00.000Z',
      to: '2030-01-31T08:10:00.000Z',
      samples_since: '2030-01-01T08:10:00.000Z',
      fired: 1,
      fired_jobs: 1,
      jobs: 1,
      readings: 240,
      summary: 'It would have fired 1 time in 30 days on 1 of 1 job.',
      truncated: false,
      firings: [firing],
      seen: [job],
      series: [series],
    },
  };
}
