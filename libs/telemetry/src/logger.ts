import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';
import { LogOutput, outliveOutput } from './log-output.js';
import { redact, redactText } from './redact.js';

export type Logger = PinoLogger;
type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

export interface LoggerOptions {
  level: LogLevel;
  /** Program or part, e.g. `api`, `worker`. */
  name: string;
  /** Default: standard error, so that standard output stays free for results. */
  to?: DestinationStream;
}

/**
 * JSON lines `{level, time, name, ..., msg}` with the level as a word and an ISO time. Values under keys that look like
 * secrets, and passwords in URLs, are masked.
 */
export function createLogger({ level, name, to = new LogOutput(2, name) }: LoggerOptions): Logger {
  outliveOutput();
  return pino(
    {
      name,
      level,
      base: { name, pid: process.pid },
      // redact() has already made plain objects of errors.
      serializers: { err: (err: unknown) => err },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => redact(fields) as Record<string, unknown>,
      },
      hooks: {
        logMethod(args, method) {
          const masked = args.map((arg) => (typeof arg === 'string' ? redactText(arg) : arg)) as Parameters<
            typeof method
          >;
          method.apply(this, masked);
        },
      },
    },
    to,
  );
}
