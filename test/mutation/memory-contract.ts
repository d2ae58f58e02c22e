import { memoryBench } from '../contract/benches.ts';
import { runContract } from './run-contract.ts';

runContract(() => memoryBench());
