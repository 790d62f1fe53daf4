import { describe, expect, it } from 'vitest';
import { surroundings } from './surroundings.js';

const EXT4 = 0xef53;
const TMPFS = 0x01021994;

describe('the surroundings of a run', () => {
  it('are said when others use the machine', () => {
    expect(surroundings(2, 0.3, EXT4)).toEqual([]);
    expect(surroundings(2, 7.2, EXT4)).toEqual([expect.stringContaining('load 7.2 on 2 cores')]);
  });

  it('are said when the disk is none', () => {
    expect(surroundings(2, 0, TMPFS)).toEqual([expect.stringContaining('set TMPDIR')]);
  });
});
