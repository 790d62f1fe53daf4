import { createServer } from 'node:net';
import { DroverError } from '@drover/domain';

/** @throws DroverError, one line, when the API could not listen there */
export async function assertListenable(host: string, port: number): Promise<void> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject);
      probe.listen(port, host, resolve);
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new DroverError(
        'conflict',
        `Port ${port} on ${host} is taken by another program: stop that one, or set DROVER_PORT to a free port.`,
      );
    if (code === 'EACCES')
      throw new DroverError(
        'forbidden',
        `This user may not listen on port ${port}: set DROVER_PORT to one above 1023.`,
      );
    throw new DroverError(
      'unavailable',
      `Cannot listen on ${host}:${port} (${message}): correct DROVER_HOST and DROVER_PORT.`,
    );
  } finally {
    probe.close();
  }
}
