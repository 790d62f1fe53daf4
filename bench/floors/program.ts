import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { API_ENVIRONMENT } from '@drover/config';
import type { Broker } from '../lib/broker.js';
import { Missing } from '../lib/missing.js';
import { answers, freePort, run, stop } from '../lib/program.js';

const execute = promisify(execFile);

const LIMIT_MS = 600_000;

/** The words of Node and of koffi when the latter cannot be loaded. */
const NO_BINARY = /Cannot find the native Koffi module|Cannot find package 'koffi'/;

/** A file of this folder as a program of its own, with the memory settings of our API. */
const argvOf = (file: string): string[] => ['--max-semi-space-size=8', join(import.meta.dirname, file)];

/**
 * Runs a floor to its end in a fresh process, and reads the one JSON text that it prints.
 *
 * @throws Missing where a floor that calls libc finds no binary for this machine
 */
export async function floor<T>(file: string, args: readonly (string | number)[]): Promise<T> {
  const argv = [...argvOf(file), ...args.map(String)];
  try {
    const { stdout } = await execute(process.execPath, argv, { maxBuffer: 2 ** 26, timeout: LIMIT_MS });
    return JSON.parse(stdout) as T;
  } catch (error) {
    if (!NO_BINARY.test((error as { stderr?: string }).stderr ?? '')) throw error;
    throw new Missing(`${file} is left out: the package koffi has no binary for this machine.`);
  }
}

/** A floor that serves HTTP, for as long as the work takes. */
export async function withServer<T>(broker: Broker, file: string, work: (url: string) => Promise<T>): Promise<T> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const logPath = join(broker.folder, 'floor.log');
  const env = { ...API_ENVIRONMENT, DROVER_PORT: String(port) };
  const child = run([process.execPath, ...argvOf(file)], env, logPath);
  try {
    await answers(`${url}/readyz`, { child, logPath });
    return await work(url);
  } finally {
    await stop(child);
  }
}
