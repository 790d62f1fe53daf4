import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocketServer, type WebSocket } from 'ws';
import { serveRequest, type Arrival } from '@drover/access';
import type { Logger } from '@drover/telemetry';
import { exitCodeOf, statusOf } from '../core/status.js';
import { TaskQueries } from '../core/task-queries.js';
import type { TaskExecution } from '../record/task.rows.js';
import { basicAuth } from './before-routes.js';
import type { FastlaneSettings } from './fastlane-settings.js';
import { isOurs, normalPath } from './paths.js';
import { normalUuid } from './payload.js';
import type { FastlaneStream } from './stream.js';

const PATH = /^\/tasks\/([^/]+)\/jobs\/([^/]+)(?:\/executions\/([^/]+))?\/ws$/;
const NORMAL = 1000;
/** A client that is slower than this many bytes is waited for. */
const MOST_BUFFERED = 4 * 1024 * 1024;
const WAIT_MS = 50;
/** Longest time a client may take nothing. */
const STUCK_MS = 120_000;
const PING_MS = 30_000;

export const closeReason = (reason: 'done' | 'retry', settings: Pick<FastlaneSettings, 'wsReason'>): string =>
  settings.wsReason === 'ws' ? `ws${reason}` : reason;

/** Logs over websockets, on the server of the API. */
export class FastlaneWebSockets {
  // Clients have nothing to say: what they send is small, or they go.
  private readonly sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 });
  private readonly login: (header: string | undefined) => boolean;

  constructor(
    private readonly parts: {
      queries: TaskQueries;
      streams: FastlaneStream;
      settings: FastlaneSettings;
      log: Logger;
      open: Set<{ end(): unknown }>;
      /** Beside this API's own login: who may read; null: not this one. */ readerOf: (
        authorization: string | undefined,
        socket: Duplex,
      ) => Promise<Arrival | null>;
    },
  ) {
    this.login = basicAuth(parts.settings);
  }

  /** Takes the upgrades of this API's paths; others are somebody else's. */
  serve(server: Server): void {
    server.on('upgrade', (request, socket, head) => {
      const pathname = (request.url ?? '').split('?')[0] ?? '';
      const match = isOurs(pathname) ? PATH.exec(normalPath(pathname)) : null;
      if (!match) {
        if (server.listenerCount('upgrade') === 1) refuse(socket, '404 Not Found');
        return;
      }
      const { authorization } = request.headers;
      if (!this.login(authorization)) return refuse(socket, '401 Unauthorized');
      this.parts.readerOf(authorization, socket).then(
        (arrival) => {
          const talk = (ws: WebSocket): void => void this.talk(ws, request, match.slice(1));
          if (arrival) this.sockets.handleUpgrade(request, socket, head, (ws) => serveRequest(arrival, () => talk(ws)));
          else refuse(socket, '401 Unauthorized');
        },
        () => refuse(socket, '503 Service Unavailable'),
      );
    });
  }

  private async talk(
    ws: WebSocket,
    request: IncomingMessage,
    [task, job, execution]: (string | undefined)[],
  ): Promise<void> {
    const gone = new AbortController();
    const stream = { end: (): void => ws.close(1001) };
    this.parts.open.add(stream);
    ws.on('close', () => gone.abort());
    ws.on('error', () => ws.terminate());
    ws.on('message', () => undefined);
    const ping = setInterval(() => ws.ping(), PING_MS);
    try {
      const reason = await this.tell(
        ws,
        gone.signal,
        decode(task),
        decode(job),
        execution === undefined ? undefined : decode(execution),
      );
      if (!gone.signal.aborted) ws.close(NORMAL, reason);
    } catch (error) {
      if (!gone.signal.aborted) {
        this.parts.log.warn({ error: String(error), path: request.url }, 'a log could not be followed');
        ws.close(NORMAL, this.reason('retry'));
      }
    } finally {
      clearInterval(ping);
      this.parts.open.delete(stream);
    }
  }

  /** Sends what there is to send; returns the reason to close with. */
  private async tell(
    ws: WebSocket,
    signal: AbortSignal,
    task: string,
    job: string,
    given: string | undefined,
  ): Promise<string> {
    const { queries, streams } = this.parts;
    const jobId = normalUuid(job);
    if (jobId === undefined || !(await queries.job(task, jobId))) return '';
    const id = given === undefined ? undefined : normalUuid(given);
    const execution =
      given === undefined
        ? await queries.last(task, jobId)
        : id === undefined
          ? null
          : await queries.execution(task, jobId, id);
    if (!execution) return this.reason('retry');
    if (queries.isOver(execution)) return this.whole(ws, signal, execution);
    if (statusOf(execution) !== 'running') return this.reason('retry');
    const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
    const end = await streams.follow(execution, signal, (bytes, stream) =>
      send(ws, signal, decoders[stream].decode(bytes, { stream: true })),
    );
    return end === 'done' ? this.reason('done') : this.reason('retry');
  }

  private async whole(ws: WebSocket, signal: AbortSignal, execution: TaskExecution): Promise<string> {
    const log = await this.parts.queries.logOf(execution);
    for (const frame of [
      `EXIT CODE: ${exitCodeOf(execution) ?? 'None'}\n`,
      log?.log ?? '',
      '\n-=-\n',
      log?.error ?? '',
    ])
      await send(ws, signal, frame);
    return this.reason('done');
  }

  private reason(reason: 'done' | 'retry'): string {
    return closeReason(reason, this.parts.settings);
  }
}

async function send(ws: WebSocket, signal: AbortSignal, text: string): Promise<void> {
  if (signal.aborted) return;
  ws.send(text);
  const deadline = Date.now() + STUCK_MS;
  while (ws.bufferedAmount > MOST_BUFFERED && !signal.aborted) {
    if (Date.now() > deadline) ws.terminate();
    await sleep(WAIT_MS);
  }
}

function decode(segment: string | undefined): string {
  try {
    return decodeURIComponent(segment ?? '');
  } catch {
    return '';
  }
}

function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => undefined);
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
