import { fileURLToPath } from 'node:url';
import type { Executor, Found } from '../executor.js';
import { orphaned, ProcessExecutor, type Known } from '../process-executor.js';
import type { LinkOptions } from '../supervisor-link.js';
import { readExitRecord } from '../supervisor/exit-record.js';
import type { KeeperSettings } from './keeper-settings.js';

/** The compiled program beside this file. */
const KEEPER_ENTRY = fileURLToPath(new URL('./main.js', import.meta.url));

/**
 * Runs commands in containers, through the keeper. When the keeper dies its containers go on, and the next keeper finds
 * them.
 */
export class ContainerExecutor extends ProcessExecutor {
  override readonly kind: Executor['kind'] = 'container';
  private orphansLeft: Known[] = [];

  /** @param onTrouble sentences for the operator */
  constructor(
    options: Omit<LinkOptions, 'baseEnv' | 'name' | 'args'>,
    settings: KeeperSettings,
    onTrouble: (message: string) => void = () => {},
  ) {
    super(
      { entry: KEEPER_ENTRY, ...options, baseEnv: {}, name: 'containers', args: [JSON.stringify(settings)] },
      onTrouble,
    );
  }

  protected override async settleOrphans(): Promise<void> {
    this.orphansLeft = this.orphans();
    this.onTrouble(
      `The keeper of the containers is gone; another one takes over its ${this.orphansLeft.length} executions.`,
    );
  }

  protected override async connect(): Promise<Found> {
    const found = await super.connect();
    const there = new Set(found.running.map((running) => running.execution_id));
    for (const orphan of this.orphansLeft.splice(0)) {
      if (there.has(orphan.order.execution_id)) continue;
      const told = found.ended.find((record) => record.execution_id === orphan.order.execution_id);
      this.conclude(told ?? (await readExitRecord(orphan.order.folder)) ?? orphaned(orphan));
    }
    return found;
  }
}
