import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Broker } from '../lib/broker.js';
import { answers, freePort, run, stop } from '../lib/program.js';

const execute = promisify(execFile);

/** A file of this folder as a program of its own, with the memory settings of ours. */
const argvOf = (file: string): string[] => ['--max-semi-space-size=2', join(import.meta.dirname, file)];

/** Runs a floor to its end in a fresh process, and reads the one JSON text that it prints. */
export async function floor<T>(file: string, args: readonly (string | number)[]): Promise<T> {
  const { stdout } = await execute(process.execPath, [...argvOf(file), ...args.map(String)], { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout) as T;
}

/** A floor that serves HTTP, for as long as the work takes. */
export async function withServer<T>(broker: Broker, file: string, work: (url: string) => Promise<T>): Promise<T> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const logPath = join(broker.folder, 'floor.log');
  const child = run([process.execPath, ...argvOf(file)], { DROVER_PORT: String(port) }, logPath);
  try {
    await answers(`${url}/readyz`, { child, logPath });
    return await work(url);
  } finally {
    await stop(child);
  }
}
