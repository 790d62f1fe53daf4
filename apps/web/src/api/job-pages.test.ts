import { describe, expect, it } from 'vitest';
import { JobPages } from './job-pages.js';
import type { Job, JobEvent } from './types.js';

/** Jobs with ids that grow, as those of the API do; the list is newest first. */
class FakeJobs {
  readonly jobs: Job[] = [];
  asked = 0;

  add(count: number, state: Job['state'] = 'queued'): void {
    for (let left = count; left > 0; left -= 1)
      this.jobs.unshift({ id: String(this.jobs.length + 1).padStart(6, '0'), state } as Job);
  }

  page = (cursor: string | undefined, limit: number) => {
    this.asked += 1;
    const from = cursor === undefined ? 0 : this.jobs.findIndex(({ id }) => id === cursor) + 1;
    const jobs = this.jobs.slice(from, from + limit);
    return Promise.resolve({ jobs, next: from + limit < this.jobs.length ? (jobs.at(-1)?.id ?? null) : null });
  };

  job = (id: string) => Promise.resolve(this.jobs.find((job) => job.id === id) as Job);
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
const event = (job_id: string, state: Job['state']): JobEvent =>
  ({ id: '1-1', job_id, queue: 'q', at: '', type: `job.${state}`, data: { state } }) as JobEvent;

async function listOf(count: number): Promise<{ list: JobPages; jobs: FakeJobs }> {
  const jobs = new FakeJobs();
  jobs.add(count);
  const list = new JobPages(jobs);
  await list.restart();
  return { list, jobs };
}

describe('a list of jobs', () => {
  it('reads page after page, each once, until it has all', async () => {
    const { list } = await listOf(250);
    for (let pages = 0; pages < 4; pages += 1) {
      list.more();
      list.more();
      await settled();
    }
    expect(list.now().pages.map(({ count }) => count)).toEqual([100, 100, 50]);
    expect(list.now().complete).toBe(true);
    const ids = list.now().pages.flatMap(({ jobs }) => (jobs ?? []).map(({ id }) => id));
    expect(new Set(ids).size).toBe(250);
  });

  it('holds few pages at once, and reads those again that come back into sight', async () => {
    const { list, jobs } = await listOf(5_000);
    for (let at = 0; at < 49; at += 1) {
      list.more();
      await settled();
      list.show(at, at + 1);
    }
    const held = (): number => list.now().pages.filter(({ jobs }) => jobs !== null).length;
    expect(list.now().pages.length).toBe(50);
    expect(held()).toBeLessThan(34);
    expect(list.now().pages[0]?.jobs).toBeNull();
    // New jobs are counted while the first page is let go, too.
    jobs.add(3);
    await list.countNewer();
    expect(list.now().newer).toEqual({ count: 3, more: false });
    list.show(0, 0);
    await settled();
    // It comes back as it was: none of its jobs gives way to a new one.
    expect(
      list
        .now()
        .pages[0]?.jobs?.map(({ id }) => id)
        .slice(0, 2),
    ).toEqual(['005000', '004999']);
    expect(list.now().pages[0]?.jobs?.length).toBe(100);
  });

  it('counts new jobs, and moves nothing until somebody asks for them', async () => {
    const { list, jobs } = await listOf(10);
    const before = list.now().pages;
    jobs.add(3);
    expect(list.take([event('000013', 'queued')])).toBe(true);
    await list.countNewer();
    expect(list.now().newer).toEqual({ count: 3, more: false });
    expect(list.now().pages[0]?.jobs?.map(({ id }) => id)).toEqual(before[0]?.jobs?.map(({ id }) => id));
    await list.restart();
    expect(list.now().newer.count).toBe(0);
    expect(list.now().pages[0]?.jobs?.[0]?.id).toBe('000013');
  });

  it('changes a job in its row when something happened to it', async () => {
    const { list, jobs } = await listOf(3);
    const changed = jobs.jobs[1] as Job;
    jobs.jobs[1] = { ...changed, state: 'failed', exit_code: 3 };
    expect(list.take([event(changed.id, 'failed')])).toBe(false);
    await settled();
    await settled();
    expect(list.now().pages[0]?.jobs?.[1]).toMatchObject({ state: 'failed', exit_code: 3 });
  });

  it('has the priority and the tags that events tell, without asking', async () => {
    const { list, jobs } = await listOf(3);
    const { id } = jobs.jobs[1] as Job;
    const { asked } = jobs;
    const told = (type: string, data: Record<string, unknown>): JobEvent => ({ ...event(id, 'queued'), type, data });
    list.take([told('job.prioritised', { priority: 7 }), told('job.tagged', { tags: ['a'] })]);
    await settled();
    expect(list.now().pages[0]?.jobs?.[1]).toMatchObject({ state: 'queued', priority: 7, tags: ['a'] });
    expect(jobs.asked).toBe(asked);
  });

  it('takes no answer to what was asked before it began anew', async () => {
    const { list } = await listOf(150);
    list.more();
    const again = list.restart();
    await again;
    await settled();
    expect(list.now().pages.length).toBe(1);
  });
});
