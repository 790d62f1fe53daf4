import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { inject } from 'vitest';
import { loadConfig } from '@drover/config';
import { DIALECTS } from '@drover/dialects';
import { startApi as start, type StartedApi } from '../../apps/api/src/start-api.js';
import { asLogin, createTestDatabase, dropTestDatabase, hasOwnLogin } from './postgres.js';
import { servicesOf, type Services } from './services.js';

export interface StartApiOptions {
  /**
   * Default: a fresh database, dropped at the end. The API has production's login in it, unless the address names
   * another one than the superuser.
   */
  databaseUrl?: string;
  /** Default: none, tickets and bus are in Postgres. */
  redisUrl?: string;
  /** DROVER_* variables. Nothing of the shell's environment is read. */
  env?: Record<string, string>;
  /** Default: a free one. */
  port?: number;
  /** Without background work (sweeps, ticks): jobs change only by what the test does. */
  passive?: boolean;
}

export interface TestApi {
  /** Without a slash at the end. */
  url: string;
  core: Services;
  app: NestExpressApplication;
  /** The superuser's address, for what a test does to the record. */
  databaseUrl: string;
  /** Ends it; with its own database and data folder. Safe to call twice. */
  close(): Promise<void>;
}

/** A login with which nothing can be fetched. */
const NO_TICKETS = 'postgres://nobody:nothing@127.0.0.1/nowhere';

/** The real API inside the test process, on a free port of loopback. */
export async function startApi(options: StartApiOptions = {}): Promise<TestApi> {
  const dataDir = mkdtempSync(join(tmpdir(), 'drover-api-'));
  const databaseUrl = options.databaseUrl ?? (await createTestDatabase());
  const clean = async (): Promise<void> => {
    if (options.databaseUrl === undefined) await dropTestDatabase(databaseUrl);
    rmSync(dataDir, { recursive: true, force: true });
  };
  const apiUrl = hasOwnLogin(databaseUrl) ? databaseUrl : asLogin(databaseUrl, 'app');
  const config = loadConfig(
    {
      DROVER_DATA_DIR: dataDir,
      DROVER_DATABASE_URL: apiUrl,
      DROVER_KEY_FILE: inject('keyFile'),
      DROVER_LOG_LEVEL: 'error',
      ...(options.redisUrl === undefined ? {} : { DROVER_REDIS_URL: options.redisUrl }),
      ...options.env,
    },
    DIALECTS,
  );
  let started: StartedApi;
  try {
    // Without background work agents register and fetch nothing.
    const ticketsUrl =
      config.ticketsUrl ??
      (options.passive ? NO_TICKETS : apiUrl === databaseUrl ? null : asLogin(databaseUrl, 'tickets'));
    started = await start({ ...config, databaseUrl: apiUrl, ticketsUrl }, { passive: options.passive ?? false });
  } catch (error) {
    await clean();
    throw error;
  }
  const { app } = started;
  const closers: (() => void)[] = [];
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> =>
    (closing ??= (async () => {
      await started.close();
      for (const closer of closers) closer();
      await clean();
    })());
  try {
    const core = servicesOf(app, (closer) => closers.push(closer));
    await app.listen(options.port ?? 0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as { port: number };
    return { url: `http://127.0.0.1:${port}`, core, app, databaseUrl, close };
  } catch (error) {
    await close();
    throw error;
  }
}
