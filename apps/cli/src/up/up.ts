import { explain } from '../exit.js';
import { Broker } from './broker.js';
import { Screen } from './screen.js';
import { onStopSignals } from './signals.js';

export interface UpOptions {
  firstJob: boolean;
  verbose: boolean;
}

/** `drover up`: the whole broker on one machine. Resolves with the exit code when everything has been stopped again. */
export async function up(options: UpOptions): Promise<number> {
  const screen = new Screen(options.verbose);
  const broker = new Broker(screen, options);
  const off = onStopSignals(
    () => broker.requestStop(),
    () => broker.hurry(),
  );
  try {
    await broker.start();
    await broker.untilStop();
    return await broker.stop(0);
  } catch (error) {
    if (!broker.stopRequested) screen.problem(explain(error));
    return await broker.stop(broker.stopRequested ? 0 : 1);
  } finally {
    off();
  }
}
