import type { OverviewDto } from './overview.dto.js';

/** An overview with the JSON of each of its parts, made once for all who follow it. */
export interface OverviewFrame {
  overview: OverviewDto;
  queues: ReadonlyMap<string, string>;
  nodes: ReadonlyMap<string, string>;
  needs: string;
}

const partsOf = (list: readonly { name: string }[]): Map<string, string> =>
  new Map(list.map((one) => [one.name, JSON.stringify(one)]));

export const frameOf = (overview: OverviewDto): OverviewFrame => ({
  overview,
  queues: partsOf(overview.queues),
  nodes: partsOf(overview.nodes),
  needs: JSON.stringify(overview.needs),
});

/** The JSON of what is different in a later frame (an OverviewChangeDto). Null: nothing is. */
export function changeOf(before: OverviewFrame, after: OverviewFrame): string | null {
  const queues = changed(before.queues, after.queues);
  const nodes = changed(before.nodes, after.nodes);
  const needs = before.needs === after.needs ? 'null' : after.needs;
  if (needs === 'null' && queues.isSame && nodes.isSame) return null;
  return (
    `{"at":${JSON.stringify(after.overview.at)},"queues":[${queues.changed.join(',')}],"queues_gone":${JSON.stringify(queues.gone)},` +
    `"nodes":[${nodes.changed.join(',')}],"nodes_gone":${JSON.stringify(nodes.gone)},"needs":${needs}}`
  );
}

function changed(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): { changed: string[]; gone: string[]; isSame: boolean } {
  const news = [...after].flatMap(([name, json]) => (before.get(name) === json ? [] : [json]));
  const gone = [...before.keys()].filter((name) => !after.has(name));
  return { changed: news, gone, isSame: news.length === 0 && gone.length === 0 };
}
