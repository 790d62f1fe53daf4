// The process that killedConsumer() starts and kills: takes tickets and never settles them.
import { createServer } from 'vite';

const { options, queue } = JSON.parse(process.argv[2]);
const server = await createServer({
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  resolve: { tsconfigPaths: true },
  optimizeDeps: { noDiscovery: true, include: [] },
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
});
const { createTicketSource } = await server.ssrLoadModule('/libs/queue/src/index.ts');
const source = await createTicketSource(options);
await source.serve([queue]);
source.start({
  slotFree: () => Promise.resolve(),
  tryAcquire: () => true,
  onTicket: (ticket) => process.stdout.write(`held ${ticket.ticket_id}\n`),
  onError: (error) => process.stderr.write(`${error.stack}\n`),
});
process.stdout.write('listening\n');
