import { randomBytes } from 'node:crypto';
import { ownSettings, programSettings, type Config, type ProgramSettings } from '@drover/config';
import { DIALECTS } from '@drover/dialects';

/** The settings that each program of `drover up` is started with. */
export interface Programs {
  migrate: ProgramSettings;
  api: ProgramSettings;
  worker: ProgramSettings;
  drainS: number;
}

/** A person who presses Ctrl-C does not want to wait for long. */
const DRAIN_S = 5;

/**
 * The settings of the programs of `drover up`: everything the user has set, and what `up` has decided. The database is
 * one that runs, and no concern of the worker; the worker serves `default` besides what DROVER_QUEUES lists, and talks
 * to this API and no other. Nothing secret is in an environment.
 */
export function programsOf(config: Config, database: Record<string, string>): Programs {
  const queues = config.queues.some((queue) => queue.name === 'default')
    ? config.queues
    : [{ name: 'default', slots: null }, ...config.queues];
  const drainIsSet = ownSettings()['DROVER_DRAIN_TIMEOUT'] !== undefined;
  const drainS = drainIsSet ? config.drainTimeoutS : DRAIN_S;
  const common = {
    DROVER_DATA_DIR: config.dataDir,
    DROVER_QUEUES: queues.map(({ name, slots }) => (slots === null ? name : `${name}=${slots}`)).join(','),
    DROVER_DRAIN_TIMEOUT: String(drainS),
    DROVER_API_URL: ownUrl(config),
    DROVER_STACK_PID: String(process.pid),
    // With a login but no secret for workers: both programs are ours, so we make one.
    ...(config.auth === 'oauth2' && config.enrolmentToken === null
      ? { DROVER_ENROLMENT_TOKEN: randomBytes(24).toString('hex') }
      : {}),
  };
  return {
    migrate: programSettings('migrate', DIALECTS, { ...common, ...database }),
    // The owner's login changes the schema; the API has no use for it.
    api: programSettings('api', DIALECTS, { ...common, ...database }),
    worker: programSettings('worker', DIALECTS, common),
    drainS,
  };
}

/**
 * Where the API that `up` starts is found from this machine. Over TLS its name has to be one that the certificate is
 * for: DROVER_API_URL says which.
 */
export function ownUrl(config: Config): string {
  if (config.tls.cert !== null) return config.apiUrl;
  const host = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host;
  return `http://${host.includes(':') ? `[${host}]` : host}:${config.port}`;
}
