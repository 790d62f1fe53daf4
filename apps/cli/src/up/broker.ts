import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  exposedSecrets,
  fileVariableOf,
  loadConfig,
  API_ENVIRONMENT,
  NODE_FLAGS,
  unknownVariables,
  type Config,
  type ProgramSettings,
} from '@drover/config';
import { DIALECTS } from '@drover/dialects';
import { DroverError } from '@drover/domain';
import {
  lockFolder,
  run,
  Service,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type FolderLock,
} from '@drover/embedded';
import { explain } from '../exit.js';
import { ownUrl, programsOf, type Programs } from './environment.js';
import { tryFirstJob } from './first-job.js';
import { ensureFolder } from './folder.js';
import { assertListenable } from './port.js';
import type { Screen } from './screen.js';
import { agentReason, apiReason, waitReady } from './wait-ready.js';

const DIST_APPS = fileURLToPath(new URL('../../../', import.meta.url));
const MIGRATE_MS = 300_000;
const READY_MS = 60_000;
/** Between two tries to start the database again. */
const DATABASE_WAIT_MS = { first: 1_000, most: 30_000 };
const API_STOP_MS = 15_000;
/** Beyond the drain itself: ending jobs takes up to their grace. */
const WORKER_STOP_SPARE_MS = 20_000;

/** The programs of `drover up`, in the order in which they need each other. */
export class Broker {
  stopRequested = false;
  private readonly abort = new AbortController();
  private readonly wanted: Promise<void>;
  private postgres: EmbeddedPostgres | null = null;
  private lock: FolderLock | null = null;
  private api: Service | null = null;
  private worker: Service | null = null;
  private drainS = 0;
  private stopping = false;

  constructor(
    private readonly screen: Screen,
    private readonly options: { firstJob: boolean },
  ) {
    this.wanted = new Promise((resolve) => this.abort.signal.addEventListener('abort', () => resolve()));
  }

  async start(): Promise<void> {
    const began = Date.now();
    const config = loadConfig(undefined, DIALECTS);
    for (const { name, meant } of unknownVariables(DIALECTS)) {
      this.screen.problem(
        `${name} is set, but Drover reads no such variable${meant === null ? '' : `; is ${meant} meant?`}`,
      );
    }
    await assertListenable(config.host, config.port);
    for (const name of exposedSecrets(DIALECTS)) {
      this.screen.step(
        `${name} is in the environment, where every program of this user can read it: a file named by ${fileVariableOf(name)} is safer`,
      );
    }
    const programs = programsOf(config, await this.startDatabase(config));
    this.drainS = programs.drainS;
    await this.migrate(config, programs.migrate);
    this.api = await this.startProgram('api', config, programs, () => apiReason(ownUrl(config)));
    this.screen.step(`API ready on ${ownUrl(config)}`);
    this.worker = await this.startProgram('worker', config, programs, () =>
      agentReason(ownUrl(config), config.nodeName),
    );
    this.screen.step(
      `Worker ${config.nodeName} ready, queues ${programs.worker.env['DROVER_QUEUES']} (${((Date.now() - began) / 1000).toFixed(1)} s)`,
    );
    await this.firstJob(config);
    this.announce(config);
  }

  private async startDatabase(config: Config): Promise<Record<string, string>> {
    if (config.databaseUrl !== null) {
      this.lock = lockFolder(await ensureFolder(config.dataDir), 'The data folder');
      return {};
    }
    this.screen.step(`Starting PostgreSQL, data in ${config.dataDir}`);
    const start = (port?: number): Promise<EmbeddedPostgres> =>
      startEmbeddedPostgres({
        dataDir: config.dataDir,
        port,
        log: (text) => this.screen.step(text),
        onExit: (reason) => void this.databaseEnded(reason, start),
      });
    this.postgres = await start();
    const { url, ownerUrl, ticketsUrl } = this.postgres;
    return { DROVER_DATABASE_URL: url, DROVER_MIGRATE_URL: ownerUrl, DROVER_TICKETS_URL: ticketsUrl };
  }

  /** The programs keep the URL, so a database that crashed comes back on the same port; it recovers by itself. */
  private async databaseEnded(reason: string, start: (port: number) => Promise<EmbeddedPostgres>): Promise<void> {
    if (this.stopping || this.postgres === null) return;
    this.screen.problem(`${reason}; starting it again`);
    const { port } = this.postgres;
    // A full disk, say, may have room again: it is tried until it works or we are told to stop.
    for (let waitMs = DATABASE_WAIT_MS.first; !this.stopping; waitMs = Math.min(waitMs * 2, DATABASE_WAIT_MS.most)) {
      try {
        this.postgres = await start(port);
        this.screen.problem('the embedded PostgreSQL is back');
        if (this.stopping) await this.postgres.stop();
        return;
      } catch (error) {
        this.screen.problem(`${explain(error)}; trying again in ${waitMs / 1000} s`);
        await sleep(waitMs, undefined, { signal: this.abort.signal }).catch(() => undefined);
      }
    }
  }

  /** Migrates in a process of its own: what a migration loads would stay in our memory for as long as we serve. */
  private async migrate(config: Config, settings: ProgramSettings): Promise<void> {
    const argv = [
      process.execPath,
      join(DIST_APPS, 'cli/src/main.js'),
      'migrate',
      config.databaseUrl === null ? '--finish' : '--only-new',
    ];
    const result = await run(argv, { timeoutMs: MIGRATE_MS, ...settings });
    this.abort.signal.throwIfAborted();
    if (result.code !== 0)
      throw new DroverError('unavailable', lastLine(result.stderr).replace(/^drover: /, '') || 'The migration failed.');
    this.screen.step(`Database ready. ${result.stdout.trim()}`);
  }

  private async startProgram(
    name: 'api' | 'worker',
    config: Config,
    programs: Programs,
    reason: () => Promise<string | null>,
  ): Promise<Service> {
    this.abort.signal.throwIfAborted();
    let crash: string | null = null;
    let refusal: string | null = null;
    const logPath = join(config.dataDir, 'logs', `${name}.log`);
    const service = new Service({
      name,
      argv: [process.execPath, ...NODE_FLAGS[name], join(DIST_APPS, name, 'src/main.js')],
      ...programs[name],
      env: { ...(name === 'api' ? API_ENVIRONMENT : {}), ...programs[name].env },
      cwd: process.cwd(),
      logPath,
      onLine: (line) => {
        refusal = /^drover (?:api|worker): (.+)$/.exec(line)?.[1] ?? refusal;
        if (isReady) this.screen.line(name, line);
      },
      onCrash: (cause, restart) => {
        crash = `the ${name} ended (${cause})`;
        if (restart) this.screen.problem(`${crash}; starting it again`);
      },
    });
    let isReady = false;
    if (name === 'api') this.api = service;
    else this.worker = service;
    service.start();
    const isOver = (): string | null => (crash === null ? null : (refusal ?? `${crash}; see ${logPath}`));
    await waitReady(`The ${name}`, { withinMs: READY_MS, signal: this.abort.signal, isOver }, reason);
    isReady = true;
    service.ready();
    return service;
  }

  /** Shows a new user that everything works. Whatever becomes of it, the broker serves. */
  private async firstJob(config: Config): Promise<void> {
    if (!this.options.firstJob) return;
    if (config.auth !== 'none') {
      this.screen.step('No first job: a login is needed (DROVER_AUTH=oauth2)');
      return;
    }
    const outcome = await tryFirstJob(ownUrl(config), 'default', this.screen, this.abort.signal);
    if (outcome.node !== undefined) this.screen.step(`It succeeded on ${outcome.node}`);
    if (outcome.warning !== undefined) this.screen.problem(outcome.warning);
  }

  private announce(config: Config): void {
    const url = ownUrl(config);
    this.screen.say(
      [
        '',
        'Drover is running.',
        `  Console  ${url}/ui/`,
        `  API      ${url}/api/v1/jobs`,
        `  Docs     ${url}/docs`,
        `  Metrics  ${url}/metrics`,
        `  Logs     ${join(config.dataDir, 'logs')}`,
        '',
        'Press Ctrl-C to stop.',
        '',
      ].join('\n'),
    );
  }

  untilStop(): Promise<void> {
    return this.wanted;
  }

  requestStop(): void {
    this.stopRequested = true;
    this.abort.abort();
  }

  /** Asked again: running jobs are ended now. */
  hurry(): void {
    this.screen.say('Ending running jobs now.');
    this.worker?.hurry();
  }

  /** Worker first (it reports its last results), then the API, then the database. */
  async stop(code: number): Promise<number> {
    this.stopping = true;
    if (this.api !== null || this.postgres !== null) this.screen.say('Stopping.');
    await this.worker?.stop(this.drainS * 1000 + WORKER_STOP_SPARE_MS);
    await this.api?.stop(API_STOP_MS);
    await this.postgres?.stop();
    this.lock?.release();
    return code;
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
