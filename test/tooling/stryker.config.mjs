// @ts-check
import { currentGoal, reportPathOf } from './mutation-goals.mjs';

const { name, folders } = currentGoal();

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'test/tooling/vitest.mutation.config.ts' },
  coverageAnalysis: 'perTest',
  mutate: folders.map((folder) => `${folder}/**/*.ts`),
  ignorePatterns: ['dist', 'reports', 'coverage', '/test/demo', '/test/bench', '/browser-test'],
  concurrency: 2,
  // On top of that comes what a start takes, ten seconds and more.
  timeoutMS: 0,
  timeoutFactor: 2,
  reporters: ['clear-text', 'progress-append-only', 'json', 'html'],
  clearTextReporter: { reportTests: false, reportMutants: false, allowColor: false },
  jsonReporter: { fileName: reportPathOf(name) },
  htmlReporter: { fileName: `reports/mutation/${name}.html` },
  // vitest checks no types, so there is nothing to switch off.
  disableTypeChecks: false,
  allowEmpty: false,
};
