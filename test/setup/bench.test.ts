import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT } from '../support/built.js';
import { processesWith } from '../support/processes.js';

interface Figure {
  group: string;
  measure: string;
  name: string;
  sides: Record<string, { values: (number | null)[]; ratio?: { median: number } | null }>;
}

const folder = mkdtempSync(join(tmpdir(), 'bench-test-'));
const json = join(folder, 'figures.json');
/** Both brokers start within it on a machine that does much else. */
const LIMIT_MS = 290_000;
const run = promisify(execFile);
const bench = (...args: string[]) =>
  run(process.execPath, [join(PROJECT, 'dist/bench/main.js'), ...args], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TMPDIR: folder },
    timeout: LIMIT_MS,
  });

let said = '';
let figures: Figure[] = [];
const figure = (name: string): Figure => {
  const found = figures.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no figure "${name}" among ${figures.map((each) => each.name).join('; ')}`);
  return found;
};

beforeAll(async () => {
  said = (await bench('--quick', 'postgres', 'latency', '--json', json)).stdout;
  figures = (JSON.parse(readFileSync(json, 'utf8')) as { figures: Figure[] }).figures;
}, LIMIT_MS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('npm run bench -- --quick', () => {
  it('gives every side of every figure a value, and a ratio to each', () => {
    expect(figures.length).toBeGreaterThan(8);
    for (const { name, sides } of figures)
      for (const [side, { values, ratio }] of Object.entries(sides)) {
        expect(
          values.every((value) => typeof value === 'number' && value !== 0),
          `${name}: ${side}`,
        ).toBe(true);
        if (side !== 'drover') expect(ratio?.median, `${name}: ${side}`).toEqual(expect.any(Number));
      }
  });

  it('puts a start beside one by Node and beside the limit of the machine', () => {
    const { sides } = figure('submit to running process, every 60 ms: p50');
    expect(Object.keys(sides)).toEqual(['drover', 'Node spawn', 'posix_spawn']);
  });

  it('says what a start costs beyond the start itself', () => {
    const [whole, bare, beyond] = [
      figure('submit to running process, every 60 ms: p50').sides['drover'],
      figure('submit to running process, every 60 ms: p50').sides['posix_spawn'],
      figure('submit to running process, every 60 ms: p50, beyond posix_spawn').sides['drover'],
    ].map((side) => side?.values[0] ?? Number.NaN) as [number, number, number];
    expect(beyond).toBeCloseTo(whole - bare, 5);
  });

  it('measures the machine before and after', () => {
    const fault = figure('first touch of a page of 4 KiB');
    expect(fault.group).toBe('this machine');
    expect(fault.sides['drover']?.values).toHaveLength(2);
  });

  it('prints a table', () => {
    expect(said).toMatch(/^figure +median +spread +ours to it/m);
    expect(said).toMatch(/^ {2}submit to running process, every 60 ms: p50 +[\d.,]+ ms/m);
  });

  it('leaves no process and no folder behind', () => {
    expect(processesWith(folder)).toEqual([]);
    expect(readdirSync(folder)).toEqual(['figures.json']);
  });
});

it('refuses a tree that is not built, and says how to build it', async () => {
  await expect(bench('--against', folder)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`run \`npm ci && npm run build\` in ${folder} first`),
  });
});
