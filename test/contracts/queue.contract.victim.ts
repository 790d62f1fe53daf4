import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { QueueOptions } from '@drover/queue';
import { PROJECT } from '../support/built.js';

/**
 * A consumer in a process of its own that takes `count` tickets of a queue, never settles them, and is killed (SIGKILL)
 * once it has them. Gives the ids it had.
 */
export async function killedConsumer(
  options: QueueOptions,
  queue: string,
  count: number,
  whenListening: () => Promise<void>,
  env: NodeJS.ProcessEnv = {},
): Promise<{ held: string[] }> {
  const script = fileURLToPath(new URL('./queue.contract.victim-main.mjs', import.meta.url));
  const settings = JSON.stringify({ options: { ...options, onError: undefined }, queue });
  const child = spawn(process.execPath, [script, settings], {
    cwd: PROJECT,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const held: string[] = [];
  let text = '';
  let listening = false;
  const done = new Promise<void>((resolve, reject) => {
    child.once('exit', (code) =>
      held.length >= count ? resolve() : reject(new Error(`The victim ended early (${code}): ${text}`)),
    );
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (!listening && text.includes('listening\n')) {
        listening = true;
        whenListening().catch(reject);
      }
      held.splice(0, held.length, ...[...text.matchAll(/^held (.*)$/gm)].map((match) => match[1]!));
      if (held.length >= count) child.kill('SIGKILL');
    });
  });
  const limit = setTimeout(() => child.kill('SIGKILL'), 20_000);
  try {
    await done;
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  } finally {
    clearTimeout(limit);
    child.kill('SIGKILL');
  }
  return { held };
}
