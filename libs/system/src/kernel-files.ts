import { readFileSync, readdirSync } from 'node:fs';

/** A small kernel file; empty where there is none. Reading /proc and /sys does not block: there is no disk behind them. */
export function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

export function list(path: string): string[] {
  try {
    return readdirSync(path).sort();
  } catch {
    return [];
  }
}
