import { Suspense, lazy } from 'react';
import { useSamples } from '../../api/jobs.js';
import { hasEnded, type JobDetail, type Sample } from '../../api/types.js';
import { bytesOf } from '../../lib/format.js';
import { Bones, Empty, FaultNotice } from '../../ui/notices.js';
import type { Series } from './chart.js';

const Chart = lazy(() => import('./chart.js'));

/** The charts of what a job used, with one cursor through all of them. */
export function Charts({ job }: { job: JobDetail }) {
  const { data, error, refetch } = useSamples(job.id, !hasEnded(job.state));
  if (error) return <FaultNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <Bones rows={4} />;
  if (data.length < 2)
    return <Empty title="There are no readings yet: a job is read every few seconds while it runs." />;
  const times = data.map(({ at }) => Date.parse(at) / 1000);
  return (
    <div className="charts">
      <Suspense fallback={<Bones rows={8} />}>
        {seriesOf(data, job).map((series) => (
          <Chart key={series.title} times={times} series={series} />
        ))}
      </Suspense>
    </div>
  );
}

const percent = (value: number): string => `${value < 10 ? Number(value.toFixed(1)) : Math.round(value)} %`;

function seriesOf(samples: readonly Sample[], job: JobDetail): Series[] {
  const limit = job.resources.memory_mb ?? null;
  const all: Series[] = [
    {
      title: 'CPU, 100 % is one core',
      values: samples.map((sample) => sample.cpu_percent),
      words: percent,
      limit: null,
    },
    {
      title: 'Memory',
      values: samples.map((sample) => sample.memory_bytes),
      words: bytesOf,
      limit: limit === null ? null : limit * 1024 * 1024,
    },
    { title: 'Read a second', values: rates(samples, 'read_bytes'), words: bytesOf, limit: null },
    { title: 'Written a second', values: rates(samples, 'write_bytes'), words: bytesOf, limit: null },
    { title: 'GPU', values: samples.map((sample) => sample.gpu_percent), words: percent, limit: null },
    {
      title: 'Memory of the GPU',
      values: samples.map((sample) => sample.gpu_memory_bytes),
      words: bytesOf,
      limit: null,
    },
  ];
  return all.filter(({ values }) => values.some((value) => value !== null));
}

/** The growth of a running total a second; null where it began anew, as it does with each execution. */
function rates(samples: readonly Sample[], field: 'read_bytes' | 'write_bytes'): (number | null)[] {
  return samples.map((sample, at) => {
    const before = samples[at - 1];
    const value = sample[field];
    const earlier = before?.[field] ?? null;
    if (!before || value === null || earlier === null || value < earlier) return null;
    const seconds = (Date.parse(sample.at) - Date.parse(before.at)) / 1000;
    return seconds > 0 ? (value - earlier) / seconds : null;
  });
}
