import { readSettings, useSettings, workerSettingsFile } from '@drover/config';
import { DroverError } from '@drover/domain';

/**
 * Becomes the worker: its program runs in this process, and its signals and exit codes are those of the worker. Without
 * a file the environment alone says its settings.
 */
export async function runWorker(file?: string): Promise<void> {
  const path = file ?? workerSettingsFile();
  const settings = readSettings(path);
  if (settings === null && file !== undefined)
    throw new DroverError('invalid', `--file ${file}: there is no such file; \`drover enrol\` writes one.`);
  useSettings(settings ?? {});
  await import(new URL('../../../../programs/worker.js', import.meta.url).href);
}
