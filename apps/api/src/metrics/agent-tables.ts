import type { SeriesDef } from '@drover/domain';
import { fromWire } from '@drover/metrics';
import type { WireSeries } from '@drover/protocol';

/** Lists kept over all agents. Forgotten ones are asked for again. */
const KEPT = 20_000;

/** The lists of series workers have told this replica, by their own names for them. */
export class AgentTables {
  private readonly known = new Map<string, SeriesDef[]>();

  learn(agent: string, incarnation: string, tables: Record<string, WireSeries>): void {
    for (const [name, series] of Object.entries(tables)) {
      if (this.known.size >= KEPT) this.known.clear();
      this.known.set(key(agent, incarnation, name), fromWire(series));
    }
  }

  get(agent: string, incarnation: string, name: string): SeriesDef[] | undefined {
    return this.known.get(key(agent, incarnation, name));
  }
}

const key = (agent: string, incarnation: string, name: string): string => `${agent}\n${incarnation}\n${name}`;
