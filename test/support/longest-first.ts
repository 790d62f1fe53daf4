import { statSync } from 'node:fs';
import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Seconds of the longest files of the group `integration` in a whole run on two processors. A machine that has run the
 * tests before goes by its own figures; the list serves a fresh clone.
 */
export const LONGEST: Readonly<Record<string, number>> = {
  'test/setup/start.test.ts': 241,
  'test/worker/broker.test.ts': 176,
  'test/access/objects.test.ts': 131,
  'test/doors/browser.test.ts': 130,
  'test/worker/isolation.test.ts': 110,
  'test/setup/migrate.test.ts': 107,
  'test/contracts/queue.contract.outage.test.ts': 104,
  'test/worker/reattach.test.ts': 100,
  'test/placement/stack.test.ts': 96,
  'libs/dialects/fastlane/test/runs.test.ts': 95,
  'test/cli/client.test.ts': 94,
};

/**
 * Starts long files first, so that none of them runs alone at the end of a group. How long a file takes is known from
 * the last run here, else from `LONGEST`; all others follow, the larger ones first.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const weights = new Map(files.map((file) => [file, this.weightOf(file)]));
    const weight = (file: TestSpecification): readonly [number, number] => weights.get(file) ?? [0, 0];
    // The sort that Vitest makes by itself keeps groups and projects apart; the sort is stable and changes no more than
    // their insides.
    return (await super.sort(files)).sort((one, other) => {
      const group = groupOf(one) - groupOf(other);
      if (group !== 0 || one.project.name !== other.project.name) return group;
      const [seconds, bytes] = weight(one);
      const [otherSeconds, otherBytes] = weight(other);
      return otherSeconds - seconds || otherBytes - bytes;
    });
  }

  /** Seconds, where they are known, and bytes. */
  private weightOf(file: TestSpecification): readonly [number, number] {
    const path = relative(this.ctx.config.root, file.moduleId);
    const last = this.ctx.cache.getFileTestResults(`${file.project.name}:${path}`);
    const seconds = last === undefined || last.duration === 0 ? LONGEST[path] : last.duration / 1_000;
    return [seconds ?? 0, statSync(file.moduleId, { throwIfNoEntry: false })?.size ?? 0];
  }
}

function groupOf(file: TestSpecification): number {
  return file.project.config.sequence.groupOrder;
}
