import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { untriable } from './support/isolation.js';
import { TestNode } from './support/node.js';

const SECRET = 'hush: the start of the worker alone';
const LEVELS = ['none', ...(untriable('user', true) === undefined ? ['user'] : [])];

describe.each(LEVELS)('a job at level %s', (level) => {
  let node: TestNode;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'drover-handed-'));
    writeFileSync(join(folder, 'secret'), SECRET, { mode: 0o600 });
    node = await TestNode.start({
      env: { DROVER_ISOLATION: level },
      // Far apart: Node itself takes care of those that follow each other without a gap.
      become: [
        '/bin/bash',
        '-c',
        'for n in 9 20 57 200 641; do eval "exec $n<\"$0\""; done; exec "$@"',
        join(folder, 'secret'),
      ],
    });
  });
  afterAll(async () => {
    await node?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has no descriptor that whoever started the worker had open', async () => {
    const found = `const fs = require('node:fs');
      for (let fd = 3; fd < 1024; fd++) try { if (fs.readlinkSync('/proc/self/fd/' + fd).endsWith('/secret')) console.log('open', fd); } catch {}
      console.log('looked');`;
    const id = await node.api.submit({ command: ['/bin/bash', '-c', `cat <&200; cat <&20; exec node -e "$0"`, found] });
    const { stdout } = await node.ended(id);
    expect(stdout.text).toBe('looked\n');
  });

  it('cannot show the key of its counters in its output', async () => {
    const id = await node.api.submit({ command: 'echo "${DROVER_METRICS_URL##*/}"; echo "${#DROVER_METRICS_URL}"' });
    const [key, length] = (await node.ended(id)).stdout.text.split('\n');
    expect(key).toBe('*'.repeat(32));
    expect(Number(length)).toBeGreaterThan(32);
  });
});
