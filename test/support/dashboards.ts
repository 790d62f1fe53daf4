import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from './built.js';

interface Panel {
  id: number;
  title: string;
  description?: string;
  type: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets: { refId: string; expr: string; legendFormat: string }[];
}

interface Dashboard {
  file: string;
  uid: string;
  title: string;
  panels: Panel[];
  /** The variables that are read from Prometheus. */
  variables: { name: string; metric: string; label: string }[];
}

const FOLDER = join(PROJECT, 'deploy/grafana/dashboards');

/** The dashboards for Grafana, without the rows between their panels. */
export function dashboards(): Dashboard[] {
  return readdirSync(FOLDER).map((file) => {
    const { uid, title, panels, templating } = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as {
      uid: string;
      title: string;
      panels: Panel[];
      templating: { list: { name: string; type: string; query: unknown }[] };
    };
    return {
      file,
      uid,
      title,
      panels: panels.filter(({ type }) => type !== 'row'),
      variables: templating.list
        .filter(({ type }) => type === 'query')
        .map(({ name, query }) => {
          const [, metric = '', label = ''] =
            /^label_values\((.+), (\w+)\)$/.exec((query as { query: string }).query) ?? [];
          return { name, metric, label };
        }),
    };
  });
}

/** The labels that a legend names. */
export const variablesOf = (legend: string): string[] =>
  [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name as string);
