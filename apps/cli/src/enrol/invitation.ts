import { readSeconds } from '@drover/config';
import { DroverError } from '@drover/domain';

/** The terms of an invitation, as its options say them. Throws with the option that is wrong. */
export function invitationOf(options: {
  queues?: string;
  label: readonly string[];
  slots?: string;
  expires: string;
  ticketLogin?: boolean;
}): { queues?: string[]; labels: Record<string, string>; slots?: number; expires_s: number; ticket_login: boolean } {
  const expires_s = Math.round(readSeconds(options.expires));
  if (!(expires_s >= 60 && expires_s <= 7 * 86_400))
    throw new DroverError('invalid', `--expires ${options.expires}: must be a time from 60s to 7d, such as 30m or 1h.`);
  const slots = options.slots === undefined ? undefined : Number(options.slots);
  if (slots !== undefined && !(Number.isInteger(slots) && slots >= 1 && slots <= 10_000))
    throw new DroverError('invalid', `--slots ${options.slots}: must be a whole number from 1 to 10000.`);
  const labels = Object.fromEntries(
    options.label.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new DroverError('invalid', `--label ${pair}: must be key=value, such as zone=a.`);
      return [pair.slice(0, at), pair.slice(at + 1)] as const;
    }),
  );
  const queues = options.queues
    ?.split(',')
    .map((queue) => queue.trim())
    .filter((queue) => queue !== '');
  return {
    ...(queues === undefined ? {} : { queues }),
    labels,
    ...(slots === undefined ? {} : { slots }),
    expires_s,
    ticket_login: options.ticketLogin ?? false,
  };
}
