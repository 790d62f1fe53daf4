// Runs one benchmark from its source: node bench/run.mjs queue [redis|postgres]
import { createServer } from 'vite';

const server = await createServer({
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  resolve: { tsconfigPaths: true },
  optimizeDeps: { noDiscovery: true, include: [] },
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
});
const { main } = await server.ssrLoadModule(`/bench/${process.argv[2]}.ts`);
await main();
await server.close();
process.exit(0);
