import { closeSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { environmentFile, isolatedArgv, oddVariables, startingEnvironment } from './wrap.js';

const USER = { uid: 200_001, gid: 200_001, exclusive: true };

describe('what is started for an isolated job', () => {
  it('gives up every right before it looks at anything of the job', () => {
    const argv = isolatedArgv({ user: USER, cwd: '/work' }, ['/bin/sh', '-c', 'true']);
    expect(argv[0]).toBe('/usr/bin/setpriv');
    const rights = argv.slice(0, argv.indexOf('--'));
    expect(rights).toEqual(
      expect.arrayContaining([
        '--reuid=200001',
        '--regid=200001',
        '--clear-groups',
        '--no-new-privs',
        '--bounding-set=-all',
        '--inh-caps=-all',
      ]),
    );
    expect(argv.slice(-3)).toEqual(['/bin/sh', '-c', 'true']);
    expect(argv.indexOf('/work')).toBeGreaterThan(argv.indexOf('--'));
  });

  it('takes the groups of an account along', () => {
    const argv = isolatedArgv({ user: { uid: 1_234, gid: 5, name: 'ada', exclusive: false }, cwd: '/' }, ['true']);
    expect(argv).toEqual(expect.arrayContaining(['--reuid=ada', '--regid=5', '--init-groups']));
    expect(argv).not.toContain('--clear-groups');
  });

  it('names every program before the job by its full path', () => {
    const argv = isolatedArgv({ user: USER, view: { root: '/r', table: '/t' }, cwd: '/' }, ['job']);
    const programs = [argv[0], ...argv.flatMap((word, at) => (argv[at - 1] === '--' ? [word] : []))];
    expect(programs.every((program) => program?.startsWith('/'))).toBe(true);
  });

  it('starts with nothing of the job in the environment but its mark', () => {
    expect(Object.keys(startingEnvironment('x')).toSorted()).toEqual(['DROVER_EXECUTION_ID', 'LC_ALL', 'PATH']);
  });

  it('hands the environment over in a file without a name', () => {
    const folder = mkdtempSync(join(tmpdir(), 'drover-environment-'));
    const fd = environmentFile({ folder }, { A: "it's", 'b.c': '1', $: 'x' });
    expect(readdirSync(folder)).toEqual([]);
    expect(readFileSync(`/proc/self/fd/${fd}`, 'utf8')).toBe("export A='it'\\''s'\n");
    closeSync(fd);
    rmSync(folder, { recursive: true });
    expect(oddVariables({ A: '1', 'b.c': '1' })).toEqual(['/usr/bin/env', '--', 'b.c=1']);
    expect(oddVariables({ A: '1' })).toEqual([]);
  });
});
