import type { NestExpressApplication } from '@nestjs/platform-express';
import type { ApiOptions } from './api.module.js';
import { createApp } from './create-app.js';
import { closeConnections, openConnections, type ApiConfig, type Connections } from './modules/connections.js';

/** An API whose work has begun; `app.listen` lets clients in. */
export interface StartedApi {
  app: NestExpressApplication;
  connections: Connections;
  /** Ends streams, the server, the work and the connections, in this order. */
  close(): Promise<void>;
}

/** Connects, makes the application and begins its work. Leaves nothing open when it throws. */
export async function startApi(config: ApiConfig, options: ApiOptions = {}): Promise<StartedApi> {
  const connections = await openConnections(config);
  let app: NestExpressApplication | undefined;
  const close = async (): Promise<void> => {
    await app?.close();
    await closeConnections(connections);
  };
  try {
    app = await createApp(connections, options);
    await app.init();
    return { app, connections, close };
  } catch (error) {
    await close();
    throw error;
  }
}
