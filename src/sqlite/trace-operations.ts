import type { OnOperation, StoreOperation } from './operation.ts';

/** The part of an OpenTelemetry span that is used. */
export interface OperationSpan {
  recordException(error: Error, time?: number): void;
  setStatus(status: { code: number; message?: string }): unknown;
  end(time?: number): void;
}

/** The part of an OpenTelemetry tracer that is used: any `Tracer` of `@opentelemetry/api` is one. */
export interface OperationTracer {
  startSpan(
    name: string,
    options: { readonly startTime: number; readonly attributes: Record<string, string | number> },
  ): OperationSpan;
}

/** https://opentelemetry.io/docs/specs/otel/trace/api/#set-status */
const ERROR = 2;

/**
 * Turns the calls of a store into OpenTelemetry spans, named as those of the original: `sqlite_store.publish`,
 * `sqlite_store.query_artifacts`, … A span lasts from the call to its settlement, belongs to the span that was active at the
 * call, where the host's context manager follows promises, and carries `db.system.name`, `db.operation.name` and, when the call
 * succeeded, `db.response.returned_rows`; a failure is its status, its exception and `error.type`.
 *
 * @param tracer from `trace.getTracer(…)` of `@opentelemetry/api`
 * @returns the listener to open a store with: `openSqliteStore({ onOperation: traceOperations(tracer) })`
 */
export function traceOperations(tracer: OperationTracer): OnOperation {
  return (operation) => {
    const end = Date.now();
    const span = tracer.startSpan(`sqlite_store.${snakeCase(operation.name)}`, {
      startTime: end - operation.ms,
      attributes: attributesOf(operation),
    });
    if ('error' in operation) {
      const error = toError(operation.error);
      span.recordException(error, end);
      span.setStatus({ code: ERROR, message: error.message });
    }
    span.end(end);
  };
}

/** https://opentelemetry.io/docs/specs/semconv/database/database-spans/ */
function attributesOf(operation: StoreOperation): Record<string, string | number> {
  const call = { 'db.system.name': 'sqlite', 'db.operation.name': operation.name };
  if (!('error' in operation)) return { ...call, 'db.response.returned_rows': operation.rows };
  return { ...call, 'error.type': typeOf(operation.error) };
}

/** The code of our errors, which is stable; the name of others. */
function typeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

/** A call that is aborted fails with the reason of its signal, which can be anything. */
function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
