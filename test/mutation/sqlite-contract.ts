import { sqliteBench } from '../contract/benches.ts';
import { runContract } from './run-contract.ts';

runContract(sqliteBench);
