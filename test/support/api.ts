import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { inject } from 'vitest';
import { loadConfig } from '@drover/config';
import { Core } from '../../apps/api/src/core/core.js';
import { createApp } from '../../apps/api/src/create-app.js';
import { asLogin, createTestDatabase, dropTestDatabase, hasOwnLogin } from './postgres.js';

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
  core: Core;
  app: NestExpressApplication;
  /** Of the superuser: for what a test does to the record. */
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
  const config = loadConfig({
    DROVER_DATA_DIR: dataDir,
    DROVER_DATABASE_URL: apiUrl,
    DROVER_KEY_FILE: inject('keyFile'),
    DROVER_LOG_LEVEL: 'error',
    ...(options.redisUrl === undefined ? {} : { DROVER_REDIS_URL: options.redisUrl }),
    ...options.env,
  });
  let core: Core;
  try {
    // Without background work agents register and fetch nothing.
    const ticketsUrl =
      config.ticketsUrl ??
      (options.passive ? NO_TICKETS : apiUrl === databaseUrl ? null : asLogin(databaseUrl, 'tickets'));
    core = await Core.open({ ...config, databaseUrl: apiUrl, ticketsUrl });
  } catch (error) {
    await clean();
    throw error;
  }
  let closing: Promise<void> | undefined;
  let app: NestExpressApplication | undefined;
  const close = (): Promise<void> =>
    (closing ??= (async () => {
      for (const stream of core.streams) stream.end();
      await app?.close();
      await core.close();
      await clean();
    })());
  try {
    app = await createApp(core);
    await app.listen(options.port ?? 0, '127.0.0.1');
    if (!options.passive) await core.start();
    const { port } = app.getHttpServer().address() as { port: number };
    return { url: `http://127.0.0.1:${port}`, core, app, databaseUrl, close };
  } catch (error) {
    await close();
    throw error;
  }
}
