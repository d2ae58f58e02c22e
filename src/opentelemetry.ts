export { traceOperations } from './sqlite/trace-operations.ts';
export type { OperationSpan, OperationTracer } from './sqlite/trace-operations.ts';
