import { execFile } from 'node:child_process';

export interface RunResult {
  /** Null: ended by a signal, timed out, or never started. */
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a short program to its end. Never throws: a program that is not there has code null and the reason in stderr. */
export function run(
  argv: readonly string[],
  { timeoutMs, env, input }: { timeoutMs: number; env?: NodeJS.ProcessEnv; input?: string },
): Promise<RunResult> {
  const [program = '', ...args] = argv;
  return new Promise((resolve) => {
    const child = execFile(program, args, { timeout: timeoutMs, killSignal: 'SIGKILL', env, maxBuffer: 8 * 1024 * 1024 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      resolve({ code, stdout, stderr: code === null && stderr === '' ? (error?.message ?? '') : stderr });
    });
    child.stdin?.on('error', () => {});
    child.stdin?.end(input ?? '');
  });
}
