// `npm run bench`: builds, then measures. `npm run bench -- submit latency` runs some of it. See bench/main.ts.
import './lib/node-version.mjs';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build } from './build.mjs';
import { install } from './lib/install.mjs';
import { root } from './lib/root.mjs';

await install({ dev: true });
await build();
const child = spawn(process.execPath, [join(root, 'dist/bench/main.js'), ...process.argv.slice(2)], {
  stdio: 'inherit',
  cwd: root,
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.once('exit', (code) => process.exit(code ?? 1));
