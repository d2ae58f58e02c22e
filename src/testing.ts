export { ContractFailure } from './contract/assert.ts';
export { isSupported } from './contract/contract-case.ts';
export type { ContractCase, RuleNumber, StoreBench } from './contract/contract-case.ts';
export { storeContract } from './contract/store-contract.ts';
