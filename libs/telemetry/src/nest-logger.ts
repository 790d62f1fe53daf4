import type { Logger } from './logger.js';

type Level = 'info' | 'warn' | 'error' | 'debug' | 'trace' | 'fatal';

/**
 * Writes Nest's log lines in our format. Has the shape of Nest's LoggerService without importing Nest: pass it to
 * `NestFactory.create(..., { logger: new NestLogger(logger) })`. Nest's own start-up chatter goes to debug.
 */
export class NestLogger {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write(isChatter(rest) ? 'debug' : 'info', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  private write(level: Level, message: unknown, rest: unknown[]): void {
    const texts = rest.filter((item): item is string => typeof item === 'string');
    const context = texts.at(-1);
    const stack = texts.find((item) => item.includes('\n    at '));
    const fields: Record<string, unknown> = {};
    if (context !== undefined && context !== stack) fields['context'] = context;
    if (stack !== undefined) fields['stack'] = stack;
    if (message instanceof Error) fields['err'] = message;
    else if (typeof message === 'object' && message !== null) Object.assign(fields, message);
    this.logger[level](fields, textOf(message));
  }
}

function textOf(message: unknown): string | undefined {
  if (message instanceof Error) return message.message;
  if (typeof message === 'string') return message;
  return typeof message === 'object' ? undefined : JSON.stringify(message);
}

const CHATTER = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory', 'NestApplication']);

function isChatter(rest: unknown[]): boolean {
  return CHATTER.has(String(rest.at(-1)));
}
