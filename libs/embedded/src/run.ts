import { spawn } from 'node:child_process';
import { secretDescriptor } from './secret-descriptor.js';

export interface RunResult {
  /** Null: ended by a signal, timed out, or never started. */
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  timeoutMs: number;
  env?: NodeJS.ProcessEnv;
  /** Settings that stay out of the environment. */
  secrets?: Readonly<Record<string, string>>;
  input?: string;
}

/** The bytes that are kept of each output stream. */
const KEPT_BYTES = 8 * 1024 * 1024;

/** Runs a short program to its end. Never throws: a program that is not there has code null and the reason in stderr. */
export function run(argv: readonly string[], { timeoutMs, env, secrets, input }: RunOptions): Promise<RunResult> {
  const [program = '', ...args] = argv;
  return new Promise((resolve) => {
    const handed = secretDescriptor(secrets);
    const child = spawn(program, args, {
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      env: secrets === undefined ? env : { ...env, ...handed.env },
      stdio: ['pipe', 'pipe', 'pipe', ...handed.stdio],
    });
    handed.close();
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    const end = (code: number | null, reason: string): void =>
      resolve({ code, stdout: stdout(), stderr: code === null && stderr() === '' ? reason : stderr() });
    child.once('error', (error) => end(null, error.message));
    child.once('close', (code, signal) => end(code, `${program} was ended by ${signal ?? 'nobody'}`));
    child.stdin?.on('error', () => {});
    child.stdin?.end(input ?? '');
  });
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  const parts: Buffer[] = [];
  let size = 0;
  stream?.on('data', (part: Buffer) => {
    if (size < KEPT_BYTES) parts.push(part);
    size += part.length;
  });
  return () => Buffer.concat(parts).toString('utf8');
}
