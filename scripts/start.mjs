import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, isBuilt } from './build.mjs';
import { install } from './lib/install.mjs';
// `npm start`: installs what is missing, builds what is stale, then becomes `drover up`. Plain Node: nothing is installed yet.
import { warnOfAge } from './lib/node-version.mjs';
import { root } from './lib/root.mjs';

warnOfAge();
try {
  await install({ dev: false });
  if (!isBuilt()) {
    console.log('- Building');
    await build({ quick: true });
  }
} catch (error) {
  console.error(`drover: ${error.message}`);
  process.exit(1);
}

// npm ended without telling us (kill -9, or a shell between us that took the signal): nobody is left to stop us.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
}, 1_000).unref();

process.argv = [process.argv[0], 'drover', 'up', ...process.argv.slice(2)];
await import(pathToFileURL(join(root, 'dist/apps/cli/src/main.js')).href);
