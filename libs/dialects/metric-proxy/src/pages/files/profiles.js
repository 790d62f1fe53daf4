import { byId, call, cells, every, link, make, number, onFilter, time } from './common.js';

/** Of each command, the newest; and commands at once. */
const ROWS = 50;
const COMMANDS = 100;
let byCommand = {};
let ticked = [];

const filter = onFilter(show);

function show() {
  const text = filter();
  const found = Object.entries(byCommand).filter(
    ([command, jobs]) =>
      command.toLowerCase().includes(text) || jobs.some((job) => job.jobid.toLowerCase().includes(text)),
  );
  const count = found.reduce((sum, [, jobs]) => sum + jobs.length, 0);
  byId('count').textContent =
    `${count} of ${found.length} commands${found.length > COMMANDS ? `; the first ${COMMANDS} are shown` : ''}`;
  byId('commands').replaceChildren(...found.slice(0, COMMANDS).flatMap(tableOf));
}

function tableOf([command, jobs]) {
  const newest = jobs.toReversed().slice(0, ROWS);
  const head = make(
    'thead',
    {},
    make(
      'tr',
      {},
      make('td'),
      ...['Job', 'Size', 'Nodes', 'Started', 'Ended', 'Seconds'].map((title) => make('th', {}, title)),
    ),
  );
  const rows = newest.map((job) =>
    cells(
      tick(job.jobid),
      link(job.jobid, '/job_view.html', { profile: job.jobid }),
      number(job.size),
      job.nodelist,
      time(job.start_time),
      time(job.end_time),
      number(job.start_time > 0 ? job.end_time - job.start_time : ''),
    ),
  );
  return [
    make('h2', {}, command === '' ? '(no command)' : command),
    make('table', {}, head, make('tbody', {}, ...rows)),
    ...(jobs.length > ROWS ? [make('p', {}, `The newest ${ROWS} of ${jobs.length}.`)] : []),
  ];
}

function tick(jobid) {
  const box = make('input', { type: 'checkbox', checked: ticked.includes(jobid), ariaLabel: `Compare ${jobid}` });
  box.addEventListener('change', () => {
    ticked = box.checked ? [...ticked, jobid] : ticked.filter((one) => one !== jobid);
    byId('compare').disabled = ticked.length !== 2;
  });
  return box;
}

byId('compare').addEventListener('click', () => {
  const [first, second] = ticked;
  location.assign(`/job_view.html?${new URLSearchParams({ profile: second, with: first })}`);
});

every(5_000, async () => {
  byCommand = await call('/profiles/percmd');
  show();
});
