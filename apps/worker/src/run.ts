import { ConfigError, exposedSecrets, fileVariableOf, loadConfig, type Config } from '@drover/config';
import { DIALECTS } from '@drover/dialects';
import { serviceManager } from '@drover/system';
import { createLogger } from '@drover/telemetry';
import { drain } from './drain.js';
import { handOver } from './hand-over.js';
import type { OpenSource } from './tickets.js';
import { Worker, type WorkerParts } from './worker.js';

/** Exit codes: 0 left in an orderly way, 1 could not start, 130 forced by a second signal. */
const COULD_NOT_START = 1;
const FORCED = 130;
/** Leaves the running jobs to the next worker of this node, which has to start within a lease. */
const HAND_OVER = 'SIGUSR2';
const RECORD_URL =
  'DROVER_DATABASE_URL is set for this worker, whose jobs could read it. A worker asks the API and needs no address of the record: unset it.';

/** The worker program: runs until it is told to stop. */
export async function run(openSource: OpenSource): Promise<never> {
  const config = configOrExit();
  const logger = createLogger({ level: config.logLevel, name: 'worker' });
  for (const name of exposedSecrets(DIALECTS)) {
    logger.warn(
      `${name} is in the environment of this worker, where jobs that run as the same user can read it: name a file with ${fileVariableOf(name)} instead`,
    );
  }
  const worker = workerOrExit({ config, logger, openSource });
  const manager = await serviceManager({ status: () => worker.summary });

  const forced = new AbortController();
  let leaving: Promise<void> | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (leaving !== undefined) {
      logger.warn({ signal }, 'told to stop again: at once');
      forced.abort();
      return;
    }
    logger.info({ signal }, 'told to stop');
    // A drain may take hours: a unit that is told of a stop has its main process killed after TimeoutStopSec.
    if (signal === HAND_OVER) manager.stopping();
    const left =
      signal === HAND_OVER
        ? handOver(worker, forced.signal, logger)
        : drain(worker, config.drainTimeoutS, forced.signal, logger);
    leaving = left.then(
      () => process.exit(forced.signal.aborted ? FORCED : 0),
      (error: unknown) => {
        logger.error({ err: error }, 'leaving failed');
        process.exit(COULD_NOT_START);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  process.on('SIGHUP', onSignal);
  process.on(HAND_OVER, onSignal);

  try {
    await worker.start();
    logger.info({ node: config.nodeName, api: config.apiUrl }, 'the worker is ready');
    manager.ready(worker.summary);
  } catch (error) {
    if (leaving === undefined) {
      logger.fatal({ err: error }, `The worker cannot start: ${(error as Error).message}`);
      process.exit(COULD_NOT_START);
    }
  }
  // From here on signals decide.
  return new Promise<never>(() => {});
}

/** A file that its settings name may be none. */
function workerOrExit(parts: WorkerParts): Worker {
  try {
    return new Worker(parts);
  } catch (error) {
    process.stderr.write(`drover worker: ${(error as Error).message}\n`);
    return process.exit(COULD_NOT_START);
  }
}

function configOrExit(): Config {
  try {
    const config = loadConfig();
    if (config.databaseUrl === null) return config;
    process.stderr.write(`drover worker: ${RECORD_URL}\n`);
    return process.exit(COULD_NOT_START);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(COULD_NOT_START);
  }
}
