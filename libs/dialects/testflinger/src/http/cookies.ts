import type { Request, Response } from 'express';

const AGENT = 'agent_name';

/** The name an agent was told to say when it posted its data. Null without one. */
export function agentNameOf(request: Request): string | null {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at < 0 || part.slice(0, at).trim() !== AGENT) continue;
    const value = part
      .slice(at + 1)
      .trim()
      .replace(/^"(.*)"$/, '$1');
    try {
      return decodeURIComponent(value) || null;
    } catch {
      return value || null;
    }
  }
  return null;
}

export function rememberAgent(response: Response, name: string): void {
  response.setHeader('Set-Cookie', `${AGENT}=${encodeURIComponent(name)}; HttpOnly; Path=/; SameSite=Strict`);
}
