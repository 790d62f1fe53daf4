import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { launchSupervisor } from './launch-supervisor.js';
import { LineSocket } from './line-socket.js';
import { SUPERVISOR_PROTOCOL, type FromSupervisor, type ToSupervisor } from './messages.js';
import { socketPath } from './socket-path.js';

export type Link = LineSocket<FromSupervisor, ToSupervisor>;
export type Welcome = Extract<FromSupervisor, { t: 'welcome' }>;

/** The time that a supervisor has to start and answer on a busy node, in milliseconds. */
const START_MS = 20_000;
const ANSWER_MS = 5_000;
const RETRY_MS = 25;

export interface LinkOptions {
  /** Folder of the spool; exists. */
  root: string;
  leaseS: number;
  /** Environment every job starts from. */
  baseEnv: Record<string, string>;
  /** Other program than the compiled one (tests). */
  entry?: string;
  /** The name of its socket and its log, where a spool has more than one supervisor. Default `supervisor`. */
  name?: string;
  /** More arguments for it. */
  args?: string[];
}

/** Connects to the supervisor of a spool, starting one when there is none. @throws Error with a sentence */
export async function linkSupervisor(
  options: LinkOptions,
  onMessage: (message: FromSupervisor) => void,
  onClose: () => void,
): Promise<{ link: Link; welcome: Welcome }> {
  const { root, leaseS, entry, name, args } = options;
  const path = socketPath(root, name);
  const deadline = Date.now() + START_MS;
  let launched = false;
  let reason = 'it did not answer';
  while (Date.now() < deadline) {
    const answer = await greet(path, options, onMessage, onClose);
    if (answer === undefined) {
      if (!launched) launchSupervisor({ root, socket: path, leaseS, entry, name, args });
      launched = true;
      await wait(RETRY_MS);
      continue;
    }
    if ('welcome' in answer) {
      if (answer.welcome.protocol === SUPERVISOR_PROTOCOL) return answer;
      // Left by another version of Drover: its jobs count as lost.
      answer.link.send({ t: 'shutdown', grace_s: 2 });
      reason = 'a supervisor of another version does not leave';
    } else {
      reason = answer.refused;
      if (!reason.includes('leaving')) throw new Error(reason);
    }
    launched = false;
    await wait(RETRY_MS * 10);
  }
  throw new Error(
    `The supervisor of ${options.root} cannot be reached: ${reason}. See ${name ?? 'supervisor'}.log there.`,
  );
}

/** Tries to connect once. Undefined: nobody listens. */
function greet(
  path: string,
  options: LinkOptions,
  onMessage: (message: FromSupervisor) => void,
  onClose: () => void,
): Promise<{ link: Link; welcome: Welcome } | { refused: string } | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    let settled = false;
    const settle = (answer: { link: Link; welcome: Welcome } | { refused: string } | undefined): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      resolve(answer);
    };
    const timer = setTimeout(() => {
      settle(undefined);
      socket.destroy();
    }, ANSWER_MS);
    let welcomed = false;
    const link: Link = new LineSocket(socket, (message) => {
      if (message.t === 'welcome') {
        welcomed = true;
        settle({ link, welcome: message });
      } else if (message.t === 'refused') settle({ refused: message.reason });
      else onMessage(message);
    });
    link.onClose(() => {
      if (welcomed) onClose();
      settle(undefined);
    });
    socket.once('connect', () => {
      link.send({ t: 'hello', pid: process.pid, protocol: SUPERVISOR_PROTOCOL, base_env: options.baseEnv });
    });
  });
}
