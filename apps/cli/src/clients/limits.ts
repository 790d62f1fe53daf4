import { DroverError } from '@drover/domain';

/** `queue=number` pairs, `*` for every queue. Throws with the pair that is none. */
export function parseLimits(option: string, pairs: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.lastIndexOf('=');
      const value = Number(pair.slice(at + 1));
      if (at < 1 || pair.slice(at + 1) === '' || !Number.isInteger(value))
        throw new DroverError(
          'invalid',
          `${option} ${pair}: must be <queue>=<whole number>, such as lab=10, or "*=10" for every queue.`,
        );
      return [pair.slice(0, at), value] as const;
    }),
  );
}
