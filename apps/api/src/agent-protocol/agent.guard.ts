import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { AgentsService } from '@drover/agents';
import type { StoredAgent } from '@drover/store';

/** The routes by which an agent asks for work. */
const CLAIMS = /\/claims$/;
/** The routes that say themselves that it lives. */
const BEATS = /\/(heartbeat|deregister)$/;

export type AgentRequest = Request & { agent: StoredAgent };

/** Lets registered agents in, and says which one is speaking. Whatever it says, it lives. */
@Injectable()
export class AgentGuard implements CanActivate {
  constructor(private readonly agents: AgentsService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AgentRequest>();
    request.agent = await this.agents.authenticate(/^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]);
    if (!BEATS.test(request.path)) await this.agents.heard(request.agent, CLAIMS.test(request.path));
    return true;
  }
}
