import { byId, call, cells, every, fill, link, make, number, Refused, time, trouble } from './common.js';

const ROWS = 500;
const SUGGESTED = 2_000;
let targets = '';

/** The routes of the metric proxy show alarms on everything; the broker's own states say which of them fire. */
async function show() {
  const [all, { states }, { transitions }] = await Promise.all([
    call('/alarms/list'),
    call('/api/v1/alarms/active'),
    call('/api/v1/alarms/history?limit=20'),
  ]);
  const stateOf = (entry, name) => states.find((state) => state.entry === entry && state.name === name)?.state;
  const rows = Object.entries(all).flatMap(([entry, alarms]) =>
    alarms.map((alarm) => ({
      entry,
      alarm,
      state: alarm.active ? (stateOf(entry, alarm.name) ?? 'raised') : (stateOf(entry, alarm.name) ?? 'quiet'),
    })),
  );
  const loud = rows.toSorted((a, b) => (a.state === 'quiet') - (b.state === 'quiet'));
  fill(byId('alarms'), loud, rowOf, ROWS);
  byId('none').hidden = rows.length > 0;
  fill(
    byId('history'),
    transitions,
    (one) => cells(time(one.at), one.name, one.entry, one.from, one.to, number(one.value)),
    20,
  );
  offerTargets(Object.keys(all));
}

function rowOf({ entry, alarm, state }) {
  const row = cells(
    state,
    link(entry, '/job_view.html', { job: entry }),
    alarm.pretty,
    make('button', { type: 'button', ariaLabel: `Delete ${alarm.name}` }, 'Delete'),
  );
  row.className = state === 'firing' || state === 'raised' ? 'firing' : state;
  row.querySelector('button').addEventListener('click', () => void act(() => remove(entry, alarm.name), null));
  return row;
}

/**
 * Alarms on every job of a queue or command are the native API's; the routes of the metric proxy know alarms of single
 * entries.
 */
async function remove(entry, name) {
  try {
    return await call('/alarms/del', { method: 'POST', body: { target: entry, name } });
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 400) throw error;
    const { alarms } = await call('/api/v1/alarms');
    const template =
      alarms.find(
        (alarm) => alarm.name === name && alarm.target === null && alarm.states.some((state) => state.entry === entry),
      ) ?? alarms.find((alarm) => alarm.name === name && alarm.target === null);
    if (!template) throw error;
    return call(`/api/v1/alarms/${template.id}`, { method: 'DELETE' });
  }
}

/** Does what a button is for, and says how it went. */
async function act(work, said) {
  try {
    const answer = await work();
    if (said) said.textContent = answer?.operation ?? '';
    await show();
  } catch (error) {
    if (said) said.textContent = error.message;
    else trouble(error.message);
  }
}

/** Only when they have changed: the choice would jump. */
function offerTargets(entries) {
  const key = JSON.stringify(entries);
  if (key === targets) return;
  targets = key;
  const chosen = byId('target').value;
  byId('target').replaceChildren(...entries.map((entry) => make('option', { value: entry }, entry)));
  if (entries.includes(chosen)) byId('target').value = chosen;
  void offerMetrics();
}

async function offerMetrics() {
  const target = byId('target').value;
  if (target === '') return;
  const { counters } = await call(`/job/?${new URLSearchParams({ job: target })}`).catch(() => ({ counters: [] }));
  byId('metrics').replaceChildren(...counters.slice(0, SUGGESTED).map(({ name }) => make('option', { value: name })));
}

byId('target').addEventListener('change', () => void offerMetrics());
byId('metric').addEventListener('focus', () => void offerMetrics());
byId('new').addEventListener('submit', (event) => {
  event.preventDefault();
  const value = (id) => byId(id).value;
  void act(
    () =>
      call('/alarms/add', {
        method: 'POST',
        body: {
          name: value('name'),
          target: value('target'),
          metric: value('metric'),
          operation: value('operation'),
          value: byId('value').valueAsNumber,
        },
      }),
    byId('said'),
  );
});

every(1_000, show);
