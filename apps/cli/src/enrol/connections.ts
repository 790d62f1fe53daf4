import { connect } from 'node:net';

const CONNECT_MS = 3_000;

/** The addresses (`host:port`) among these to which no TCP connection can be made, each with the reason. */
export async function unreachable(addresses: readonly string[]): Promise<string[]> {
  const tried = await Promise.all(
    addresses.map(async (address) => {
      const reason = await reasonOf(address);
      return reason === null ? [] : [`${address} (${reason})`];
    }),
  );
  return tried.flat();
}

function reasonOf(address: string): Promise<string | null> {
  const at = address.lastIndexOf(':');
  const host = address.slice(0, at).replace(/^\[|\]$/g, '');
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(address.slice(at + 1)), timeout: CONNECT_MS });
    const end = (reason: string | null): void => {
      socket.destroy();
      resolve(reason);
    };
    socket.once('connect', () => end(null));
    socket.once('timeout', () => end(`no answer within ${CONNECT_MS / 1_000} s`));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}
