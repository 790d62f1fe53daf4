/* `node redis-pings.js PORT COUNT` prints how long each PING took until its answer, ms; one after the other. */
import { once } from 'node:events';
import { createConnection } from 'node:net';

const WARM_UP = 100;

const [port, count] = process.argv.slice(2).map(Number);
const socket = createConnection(port ?? 0, '127.0.0.1').setNoDelay(true);
await once(socket, 'connect');
const times: number[] = [];
for (let n = 0; n < WARM_UP + (count ?? 0); n += 1) {
  const before = performance.now();
  socket.write('PING\r\n');
  await once(socket, 'data');
  if (n >= WARM_UP) times.push(performance.now() - before);
}
socket.destroy();
console.log(JSON.stringify(times));
