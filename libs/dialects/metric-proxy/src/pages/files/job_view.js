import { byId, call, cells, every, fill, link, make, number, onFilter, Refused, time } from './common.js';

const ROWS = 1_000;
const parameters = new URLSearchParams(location.search);
const profile = parameters.get('profile');
const job = profile ?? parameters.get('job') ?? 'main';
const compareWith = parameters.get('with');
const query = (name) => new URLSearchParams({ [name]: job });
let shown = null;

document.title = `${job} - Drover`;
document.querySelector('h1').textContent = profile === null ? job : `Profile of ${job}`;

const filter = onFilter(show);
byId('empty').addEventListener('change', show);

/** An id of the broker's own jobs; those of metric clients have no screen in the console. */
const OWN = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const NODE = /^Node: (.+)$/;

/** Leads to the same job or node in the console. */
function toConsole() {
  const node = NODE.exec(job)?.[1];
  const links = [
    OWN.test(job) ? make('a', { href: `/ui/jobs/${encodeURIComponent(job)}` }, 'this job') : null,
    node === undefined ? null : link('this node', '/ui/nodes', { node }),
    profile === null ? null : link('compare it', '/ui/profiles/compare', { a: job, b: compareWith ?? 'median' }),
  ].filter((one) => one !== null);
  if (links.length === 0) return;
  byId('console').hidden = false;
  byId('console').replaceChildren('In the console: ', ...links.flatMap((one, at) => (at === 0 ? [one] : [', ', one])));
}
toConsole();

/** Mean of a gauge, value of a counter; empty without data. */
function rowOf({ name, doc, ctype }) {
  if (ctype.Counter) return cells(name, number(ctype.Counter.value), number(''), number(''), number(''), doc);
  const { min, max, hits, total } = ctype.Gauge;
  return hits > 0
    ? cells(name, number(total / hits), number(min), number(max), number(hits), doc)
    : cells(name, number(''), number(''), number(''), number(0), doc);
}

const hasData = ({ ctype }) => (ctype.Counter ? ctype.Counter.value !== 0 : ctype.Gauge.hits > 0);

function describe(facts) {
  byId('desc').replaceChildren(
    ...facts
      .filter(([, value]) => value !== '' && value !== null && value !== undefined)
      .flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, value)]),
  );
}

function show() {
  if (shown === null) return;
  const text = filter();
  const withoutData = byId('empty').checked;
  fill(
    byId('counters'),
    shown.counters.filter((one) => (withoutData || hasData(one)) && one.name.toLowerCase().includes(text)),
    rowOf,
    ROWS,
    byId('count'),
  );
}

const factsOf = (desc) => [
  ['Command', desc.command],
  ['Size', desc.size || ''],
  ['Nodes', desc.nodelist],
  ['Partition', desc.partition],
  ['Cluster', desc.cluster],
  ['Directory', desc.run_dir],
  ['Started', time(desc.start_time)],
  ['Ended', time(desc.end_time)],
];

async function showProfile() {
  shown = await call(`/get?${query('jobid')}`);
  const { outcome, cause, exit_code, summary } = await call(`/api/v1/profiles/${encodeURIComponent(job)}`);
  describe([
    ...factsOf(shown.desc),
    ['Outcome', outcome],
    ['Cause', cause],
    ['Exit code', exit_code],
    ['Wall seconds', summary.wall_s],
    ['CPU seconds', summary.cpu_seconds],
    ['Peak memory bytes', summary.peak_memory_bytes],
    ['Bytes read', summary.read_bytes],
    ['Bytes written', summary.write_bytes],
  ]);
  show();
  await showComparison();
}

/** With the job that was asked for, else with the median of the last ones of its command; a first one has none. */
async function showComparison() {
  const asked = new URLSearchParams({ job, ...(compareWith === null ? {} : { with: compareWith }) });
  const { with: others, figures } = await call(`/api/v1/profiles/compare?${asked}`).catch((error) => {
    if (error instanceof Refused && error.status === 404) return { with: [], figures: [] };
    throw error;
  });
  if (others.length === 0) return;
  byId('compared-with').textContent =
    compareWith === null
      ? `Compared with the median of the last ${others.length} of this command`
      : `Compared with ${compareWith}`;
  byId('compared').hidden = false;
  const changed = figures
    .filter(({ ratio }) => ratio !== null && ratio !== 1)
    .toSorted((a, b) => Math.abs(Math.log(b.ratio || 1e-9)) - Math.abs(Math.log(a.ratio || 1e-9)));
  fill(
    byId('figures'),
    changed,
    (one) => cells(one.name, number(one.job), number(one.with), number(one.ratio.toFixed(3))),
    100,
  );
}

async function showJob() {
  try {
    shown = await call(`/job/?${query('job')}`);
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 400) throw error;
    // It has ended, or never was: a profile says which.
    byId('links').replaceChildren(link('It is not running; its profile', '/job_view.html', { profile: job }));
    return;
  }
  byId('links').replaceChildren();
  describe(factsOf(shown.desc));
  show();
  const raised = (await call('/alarms'))[job] ?? [];
  byId('alarms').hidden = raised.length === 0;
  fill(byId('raised'), raised, (alarm) => make('li', { className: 'firing' }, alarm.pretty), 50);
}

if (profile === null) every(1_000, showJob);
else every(60_000, showProfile);
