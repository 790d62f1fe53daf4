// Compiles the package @drover/sdk into clients/typescript/dist; `npm pack` in clients/typescript runs it.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/root.mjs';

const LIMIT_MS = 300_000;
const folder = join(root, 'clients/typescript');

rmSync(join(folder, 'dist'), { recursive: true, force: true });
const compiler = join(root, 'node_modules/typescript/bin/tsc');
const { status } = spawnSync(process.execPath, [compiler, '-p', folder], { stdio: 'inherit', timeout: LIMIT_MS });
process.exit(status ?? 1);
