import { Injectable } from '@nestjs/common';

/** The open control channels of agents in this process. */
@Injectable()
export class AgentChannels {
  private readonly open = new Map<string, Set<() => void>>();

  /** A channel of an agent is open; `end` ends it. Returns what to call when it has ended. */
  add(agentId: string, end: () => void): () => void {
    const own = this.open.get(agentId) ?? new Set();
    this.open.set(agentId, own.add(end));
    return () => {
      own.delete(end);
      if (own.size === 0 && this.open.get(agentId) === own) this.open.delete(agentId);
    };
  }

  /** Ends the channels of an agent. */
  end(agentId: string): void {
    for (const end of this.open.get(agentId) ?? []) end();
  }
}
