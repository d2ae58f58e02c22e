import { mediumAppendCases } from './medium-append-cases.ts';
import { mediumBytesCases } from './medium-bytes-cases.ts';
import type { MediumCase } from './medium-case.ts';
import { mediumClosingCases, mediumReadOnlyCases } from './medium-closing-cases.ts';
import { mediumLoadCases } from './medium-load-cases.ts';
import { mediumOrphanCases } from './medium-orphan-cases.ts';
import { mediumProgressCases } from './medium-progress-cases.ts';
import { mediumSaveCases } from './medium-save-cases.ts';
import { mediumSharingCases } from './medium-sharing-cases.ts';
import { mediumSurvivalCases } from './medium-survival-cases.ts';

/**
 * What every medium does, case by case. Plain data without a test runner, so that it runs wherever a medium does: for each
 * case that {@link isSupportedByMedium} by what the medium and the bench can do, await `run` with a bench of your own.
 */
export const mediumContract: readonly MediumCase[] = [
  ...mediumLoadCases,
  ...mediumAppendCases,
  ...mediumSaveCases,
  ...mediumBytesCases,
  ...mediumSurvivalCases,
  ...mediumProgressCases,
  ...mediumClosingCases,
  ...mediumReadOnlyCases,
  ...mediumSharingCases,
  ...mediumOrphanCases,
];
