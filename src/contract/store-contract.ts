import { bundleCases } from './bundle-cases.ts';
import { callOrderCases } from './call-order-cases.ts';
import { consumptionCases } from './consumption-cases.ts';
import type { ContractCase } from './contract-case.ts';
import { copyCases } from './copy-cases.ts';
import { countingCases } from './counting-cases.ts';
import { cursorCases } from './cursor-cases.ts';
import { deletionCases } from './deletion-cases.ts';
import { durabilityCases } from './durability-cases.ts';
import { errorCases } from './error-cases.ts';
import { filterCases } from './filter-cases.ts';
import { lifecycleCases } from './lifecycle-cases.ts';
import { nameCases } from './name-cases.ts';
import { orderCases } from './order-cases.ts';
import { pageCases } from './page-cases.ts';
import { payloadCases } from './payload-cases.ts';
import { replacingCases } from './replacing-cases.ts';
import { schemaCases } from './schema-cases.ts';
import { sequenceCases } from './sequence-cases.ts';
import { sessionCases } from './session-cases.ts';
import { signalCases } from './signal-cases.ts';
import { textCases } from './text-cases.ts';
import { visibilityCases } from './visibility-cases.ts';

/**
 * What every store does, case by case. Plain data without a test runner, so that it runs wherever a store does:
 * for each case that {@link isSupported} by the store's capabilities, await `run` with a bench of your own.
 */
export const storeContract: readonly ContractCase[] = [
  ...orderCases,
  ...replacingCases,
  ...nameCases,
  ...schemaCases,
  ...payloadCases,
  ...textCases,
  ...copyCases,
  ...filterCases,
  ...pageCases,
  ...cursorCases,
  ...consumptionCases,
  ...countingCases,
  ...deletionCases,
  ...visibilityCases,
  ...callOrderCases,
  ...sequenceCases,
  ...durabilityCases,
  ...errorCases,
  ...signalCases,
  ...lifecycleCases,
  ...sessionCases,
  ...bundleCases,
];
