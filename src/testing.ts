export { ContractFailure } from './contract/assert.ts';
export { isSupported } from './contract/contract-case.ts';
export type { ContractCase, RuleNumber, StoreBench } from './contract/contract-case.ts';
export { isSupportedByMedium } from './contract/medium-case.ts';
export type {
  MediumBench,
  MediumCapabilities,
  MediumCase,
  MediumSubject,
  ReopenOptions,
} from './contract/medium-case.ts';
export { mediumContract } from './contract/medium-contract.ts';
export { storeContract } from './contract/store-contract.ts';
