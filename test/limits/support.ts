import { connect } from 'node:net';
import type { TestApi } from '../support/api.js';

export interface Route {
  method: string;
  /** With `:name` for what stands in its place. */
  path: string;
}

/** Every route of the router, whether documented or not. What takes every method is asked with POST. */
export function routesOf(api: TestApi): Route[] {
  type Layer = { route?: { path: string | string[]; methods: Record<string, boolean> } };
  const { router } = api.app.getHttpAdapter().getInstance() as unknown as { router: { stack: Layer[] } };
  const routes = router.stack.flatMap(({ route }) => {
    if (!route) return [];
    const methods = Object.keys(route.methods).map((method) => (method === '_all' ? 'POST' : method.toUpperCase()));
    return [route.path].flat().flatMap((path) => methods.map((method) => ({ method, path })));
  });
  return [...new Map(routes.map((route) => [`${route.method} ${route.path}`, route])).values()];
}

/** A path that the route matches. */
export const pathOf = (route: Route, values: Record<string, string> = {}): string =>
  route.path.replaceAll(
    /\{\*(\w+)\}|\*(\w+)|:(\w+)/g,
    (_, a?: string, b?: string, c?: string) => values[a ?? b ?? c ?? ''] ?? 'x',
  );

/**
 * The status of what comes back for the head of a request, of whose body nothing is sent. Null: nothing came in this
 * time.
 */
export function statusOfHead(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string>,
  ms: number,
): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const done = (status: number | null): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(status);
    };
    const timer = setTimeout(() => done(null), ms);
    socket.on('error', reject);
    socket.once('data', (bytes) => done(Number(/^HTTP\/1\.1 (\d+)/.exec(bytes.toString())?.[1] ?? 0)));
    const lines = Object.entries({ Host: `127.0.0.1:${port}`, ...headers }).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    );
    socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  });
}

/** Runs work for all items, some of them at once. */
export async function each<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
    }),
  );
}
