import { QUOTAS, type Series } from '@drover/domain';
import { formatName, writeExposition } from '@drover/exposition';
import type { ProjectView } from '@drover/quotas';
import { declareMetric } from '@drover/telemetry';

/** Projects become labels: so many at most, those with most waiting jobs first. */
const MOST = 100;
const LABELS = ['project', 'quota'];
const USAGE = declareMetric({
  name: 'drover_project_usage',
  type: 'gauge',
  help: 'What a project uses of each quota',
  labels: LABELS,
});
const QUOTA = declareMetric({
  name: 'drover_project_quota',
  type: 'gauge',
  help: 'What a project may have at most',
  labels: LABELS,
});

/** The use and the quotas of projects, as Prometheus text. Give it those that the reader may see. */
export function projectFamilies(projects: readonly ProjectView[]): string {
  const shown = [...projects].sort((a, b) => b.usage.waiting_jobs - a.usage.waiting_jobs).slice(0, MOST);
  const series: Series[] = [];
  const add = ({ name: base, help: doc }: typeof USAGE, project: string, quota: string, total: number): void => {
    const name = formatName(base, [
      ['project', project],
      ['quota', quota],
    ]);
    series.push({ name, doc, type: 'gauge', min: total, max: total, hits: 1, total });
  };
  for (const { project, usage } of shown) {
    for (const quota of QUOTAS) add(USAGE, project, quota, Math.max(0, usage[quota]));
  }
  for (const { project, quotas } of shown) {
    for (const quota of QUOTAS) if (quotas[quota] > 0) add(QUOTA, project, quota, quotas[quota]);
  }
  return writeExposition(series);
}
