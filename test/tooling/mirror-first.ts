import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Runs first what is likely to notice a mutant soonest: the test file that mirrors the mutated source, then those of
 * its folder, then the other small ones, then the contract. A mutant's run ends with the first test that fails.
 */
export class MirrorFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { root, related = [] } = this.ctx.config;
    const mutated = related.map((path) => relative(root, path).replaceAll('\\', '/'));
    const mirrors = mutated.map((path) => path.replace(/^src\//, 'test/').replace(/\.ts$/, '.test.ts'));
    const folders = mirrors.map((path) => path.slice(0, path.lastIndexOf('/') + 1));
    const rank = ({ moduleId }: TestSpecification): number => {
      const path = relative(root, moduleId).replaceAll('\\', '/');
      if (mirrors.includes(path)) return 0;
      if (folders.some((folder) => path.startsWith(folder))) return 1;
      return path.startsWith('test/mutation/') ? 3 : 2;
    };
    return [...files].sort((a, b) => rank(a) - rank(b) || (a.moduleId < b.moduleId ? -1 : 1));
  }
}
