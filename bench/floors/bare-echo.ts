/* The floor below Nest and Express: `node:http` that parses a JSON body and sends it back. Runs as a process of its own. */
import { createServer } from 'node:http';

createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const said = Buffer.concat(parts).toString();
    const text = JSON.stringify(said === '' ? {} : JSON.parse(said));
    response.writeHead(request.method === 'POST' ? 201 : 200, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(text),
    });
    response.end(text);
  });
}).listen(Number(process.env['DROVER_PORT']), '127.0.0.1');
