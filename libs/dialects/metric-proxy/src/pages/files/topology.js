import { byId, call, cells, every, fill, make, number, time } from './common.js';

const ROWS = 500;

/** Pairs of parent and child as nested lists. A node that is its own parent has no children. */
function treeOf(pairs) {
  const children = new Map();
  for (const [parent, child] of pairs)
    if (parent !== child) children.set(parent, [...(children.get(parent) ?? []), child]);
  const below = new Set([...children.values()].flat());
  const roots = [...new Set(pairs.map(([parent]) => parent))].filter((parent) => !below.has(parent));
  const seen = new Set();
  const item = (name) => {
    if (seen.has(name)) return make('li', {}, name);
    seen.add(name);
    const list = children.get(name);
    return list ? make('li', {}, name, make('ul', {}, ...list.map(item))) : make('li', {}, name);
  };
  return make('ul', {}, ...(roots.length > 0 ? roots : pairs.map(([parent]) => parent)).map(item));
}

function rowOf(known) {
  return ({ target_url, ttype, period, last_scrape }) => {
    const target = known.get(target_url);
    const remove = target ? make('button', { type: 'button', ariaLabel: `Remove ${target_url}` }, 'Remove') : '';
    if (target)
      remove.addEventListener(
        'click',
        () =>
          void act(() => call(`/api/v1/scrape-targets/${target.id}`, { method: 'DELETE' }), `Removed ${target_url}`),
      );
    const row = cells(
      target_url,
      ttype,
      `${period} s`,
      time(last_scrape),
      target?.last_error ? `${target.health}: ${target.last_error}` : (target?.health ?? ''),
      number(target?.series),
      remove,
    );
    if (target?.health === 'down') row.className = 'down';
    return row;
  };
}

async function show() {
  const [pairs, joined, { targets }] = await Promise.all([
    call('/topo'),
    call('/join/list'),
    call('/api/v1/scrape-targets'),
  ]);
  byId('tree').replaceChildren(treeOf(pairs));
  fill(byId('targets'), joined, rowOf(new Map(targets.map((target) => [target.url, target]))), ROWS);
}

async function act(work, done) {
  try {
    await work();
    byId('said').textContent = done;
    await show();
  } catch (error) {
    byId('said').textContent = error.message;
  }
}

byId('join').addEventListener('submit', (event) => {
  event.preventDefault();
  const to = byId('to').value.trim();
  void act(() => call(`/join?${new URLSearchParams({ to })}`), `Joined ${to}`);
});

every(2_000, show);
