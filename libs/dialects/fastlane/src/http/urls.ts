import type { IncomingMessage } from 'node:http';
import type { FastlaneSettings } from './fastlane-settings.js';

type Asked = Pick<IncomingMessage, 'headers' | 'socket'>;

/** Whether a request came through a proxy whose word is taken. */
const proxied = (request: Asked, settings: FastlaneSettings): boolean =>
  settings.trustedProxies.includes(peer(request));

const peer = (request: Asked): string => (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');

/** Where a request came from. The two headers of proxies count only from a trusted one. */
export function addressOf(request: Asked, settings: FastlaneSettings): string {
  if (!proxied(request, settings)) return peer(request);
  const forwarded = String(request.headers['x-forwarded-for'] ?? '')
    .split(',')[0]
    ?.trim();
  return String(request.headers['x-real-ip'] ?? '').trim() || forwarded || peer(request);
}

/** `https` only where a trusted proxy, or the connection itself, says so. */
function schemeOf(request: Asked, settings: FastlaneSettings): 'http' | 'https' {
  const forwarded = proxied(request, settings) ? request.headers['x-forwarded-proto'] : undefined;
  return forwarded === 'https' || 'encrypted' in request.socket ? 'https' : 'http';
}

/** URLs as answers contain them. Names ending in `Slash` are those that always end in one. */
export class Urls {
  private readonly end: '' | '/';

  private constructor(
    readonly base: string,
    slash: FastlaneSettings['urlSlash'],
  ) {
    this.end = slash === 'always' ? '/' : '';
  }

  static of(request: Asked, settings: FastlaneSettings): Urls {
    const { publicUrl, serverName, urlSlash } = settings;
    const scheme = schemeOf(request, settings);
    const base = publicUrl?.replace(/\/+$/, '') ?? `${scheme}://${serverName ?? request.headers.host ?? 'localhost'}`;
    return new Urls(base, urlSlash);
  }

  /** Makes the addresses of pages for mails, where no request tells the host. */
  static configured(settings: FastlaneSettings, fallback: string): Urls {
    const base =
      settings.publicUrl?.replace(/\/+$/, '') ??
      (settings.serverName === null ? fallback : `http://${settings.serverName}`);
    return new Urls(base, settings.urlSlash);
  }

  task(taskId: string): string {
    return this.taskSlash(taskId).slice(0, -1) + this.end;
  }

  job(taskId: string, jobId: string): string {
    return this.jobSlash(taskId, jobId).slice(0, -1) + this.end;
  }

  taskSlash(taskId: string): string {
    return `${this.base}/tasks/${encodeURIComponent(taskId)}/`;
  }

  jobSlash(taskId: string, jobId: string): string {
    return `${this.taskSlash(taskId)}jobs/${jobId}/`;
  }

  executionSlash(taskId: string, jobId: string, executionId: string): string {
    return `${this.jobSlash(taskId, jobId)}executions/${executionId}/`;
  }

  /** A page of a list; undefined values are left out. */
  page(path: 'tasks' | 'search', query: Record<string, string | number>): string {
    const text = Object.entries(query).map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
    return `${this.base}/${path}/?${text.join('&')}`;
  }
}
