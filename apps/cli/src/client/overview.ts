import { setTimeout as sleep } from 'node:timers/promises';
import { createParser } from 'eventsource-parser';
import type { Overview, OverviewChange } from '@drover/client';
import { ApiAway } from './reach.js';
import { Refused, withLogin, type Session } from './session.js';

const RETRY_MS = 1_000;
/** The API sends something at least each 15 s; a connection silent for longer is dead. */
const SILENT_MS = 45_000;

/**
 * Follows the overview, over restarts of the API: `show` gets it whole after each change, and null with a sentence
 * while it cannot be had.
 */
export async function followOverview(
  session: Session,
  show: (overview: Overview | null, trouble: string | null) => Promise<void>,
): Promise<never> {
  let reached = false;
  for (;;) {
    try {
      await once(session, async (overview, trouble) => {
        reached = true;
        await show(overview, trouble);
      });
    } catch (error) {
      if (error instanceof Refused || (error instanceof ApiAway && !reached)) throw error;
    }
    await show(null, 'The API is away; it is tried again each second.');
    await sleep(RETRY_MS);
  }
}

async function once(
  session: Session,
  show: (overview: Overview | null, trouble: string | null) => Promise<void>,
): Promise<void> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENT_MS);
  try {
    const request = new Request(`${session.url}/api/v1/overview/stream`, {
      headers: { accept: 'text/event-stream' },
      signal: silence.signal,
    });
    const answer = await withLogin(session.credentials, request);
    if (answer.status >= 400 && answer.status < 500)
      throw new Refused(answer.status, `The API answered ${answer.status}; it may be of an older version.`);
    if (!answer.ok || !answer.body) throw new Error(`The API answered ${answer.status}.`);
    let overview: Overview | null = null;
    const received: { event: string | undefined; data: string }[] = [];
    const parser = createParser({ onEvent: ({ event, data }) => void received.push({ event, data }) });
    const decoder = new TextDecoder();
    for await (const part of answer.body) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENT_MS);
      parser.feed(decoder.decode(part as Uint8Array, { stream: true }));
      for (let item = received.shift(); item; item = received.shift()) {
        if (item.event === 'snapshot') overview = JSON.parse(item.data) as Overview;
        else if (item.event === 'change' && overview)
          overview = merged(overview, JSON.parse(item.data) as OverviewChange);
        await show(overview, item.event === 'trouble' ? (JSON.parse(item.data) as { message: string }).message : null);
      }
    }
  } finally {
    clearTimeout(timer);
  }
}

/** An overview with a change put in. */
export function merged(before: Overview, change: OverviewChange): Overview {
  return {
    at: change.at,
    queues: put(before.queues, change.queues, change.queues_gone),
    nodes: put(before.nodes, change.nodes, change.nodes_gone),
    needs: change.needs ?? before.needs,
  };
}

function put<T extends { name: string }>(before: T[], news: T[], gone: string[]): T[] {
  const all = new Map(before.map((one) => [one.name, one]));
  for (const name of gone) all.delete(name);
  for (const one of news) all.set(one.name, one);
  return [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
