import { byId, call, cells, every, fill, link, number, onFilter, time } from './common.js';

const ROWS = 500;
let jobs = [];
let alarms = {};

const filter = onFilter(show);

function show() {
  const text = filter();
  const found = jobs.filter((job) =>
    [job.jobid, job.command, job.nodelist, job.partition].some((one) => one.toLowerCase().includes(text)),
  );
  fill(
    byId('jobs'),
    found,
    (job) =>
      cells(
        link(job.jobid, '/job_view.html', { job: job.jobid }),
        job.command,
        number(job.size || ''),
        job.nodelist,
        job.partition,
        time(job.start_time),
        number(alarms[job.jobid]?.length || ''),
      ),
    ROWS,
    byId('count'),
  );
}

every(2_000, async () => {
  [jobs, alarms] = await Promise.all([call('/job/list'), call('/alarms')]);
  show();
});
