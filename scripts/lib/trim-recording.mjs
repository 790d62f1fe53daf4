/** Exchanges of one shape that are kept: the first ones. More of the same say nothing new. */
const MOST_OF_A_SHAPE = 2;

/**
 * Keeps the first exchanges of each shape, in their order: the shape is the route, the names of all fields and the
 * kinds of its items. Random bytes of large outputs are cut to their length.
 */
export function trimRecording(exchanges) {
  const seen = new Map();
  return exchanges.filter((exchange) => {
    const shape = shapeOf(exchange);
    const count = seen.get(shape) ?? 0;
    seen.set(shape, count + 1);
    return count < MOST_OF_A_SHAPE;
  });
}

function shapeOf({ method, path, request, status, answer }) {
  const route = path.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, ':id').replace(/=[^&]*/g, '=');
  return JSON.stringify([method, route, status, namesOf(request), namesOf(answer)]);
}

/** The names of fields, and words that say what a thing is. Lists are as the set of their items. */
function namesOf(value, key = '') {
  if (Array.isArray(value)) return [...new Set(value.map((one) => JSON.stringify(namesOf(one))))].toSorted();
  if (value !== null && typeof value === 'object')
    return Object.entries(value)
      .filter(([name]) => !['env', 'labels', 'tables', 'events'].includes(name))
      .map(([name, one]) => [name, namesOf(one, name)])
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return ['kind', 'outcome', 'stream', 'cause', 'backend', 'status'].includes(key) ? value : typeof value;
}
