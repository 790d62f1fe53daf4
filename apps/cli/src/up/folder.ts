import { access, constants, mkdir } from 'node:fs/promises';
import { dataFolderMode } from '@drover/config';
import { DroverError } from '@drover/domain';

/** Makes a folder and gives its path. @throws DroverError, one line, when it cannot be written */
export async function ensureFolder(folder: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true, mode: dataFolderMode() });
    await access(folder, constants.W_OK | constants.X_OK);
    return folder;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new DroverError(
      'unavailable',
      `The data folder ${folder} cannot be written (${code}): make it writable for this user, or set DROVER_DATA_DIR to another folder.`,
    );
  }
}
