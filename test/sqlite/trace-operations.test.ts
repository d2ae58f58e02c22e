import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { defineType } from '../../src/index.ts';
import { traceOperations } from '../../src/opentelemetry.ts';
import { TrialMedium } from './trial-medium.ts';
import { failureOf, NOTE, open } from './trial-store.ts';
import * as z from 'zod';

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const tracer = provider.getTracer('board');
const spans = () => exporter.getFinishedSpans();

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
beforeEach(() => {
  exporter.reset();
});
afterAll(async () => {
  context.disable();
  await provider.shutdown();
});

describe('the spans of a store', () => {
  it('are named as those of the original', async () => {
    const Movie = defineType('Movie', z.object({ title: z.string() }));
    const store = await open({ onOperation: traceOperations(tracer) });
    await store.publish(NOTE);
    await store.getByType(Movie);
    await store.queryArtifacts();
    await store.fetchGraphArtifacts();
    await store.summarizeArtifacts();
    await store.agentHistorySummary('scout');
    await store.loadAgentSnapshots();
    await store.recordConsumptions([]);
    await store.deleteBefore(new Date(0));
    await store.vacuum();
    expect(spans().map(({ name }) => name)).toEqual([
      'sqlite_store.publish',
      'sqlite_store.get_by_type',
      'sqlite_store.query_artifacts',
      'sqlite_store.fetch_graph_artifacts',
      'sqlite_store.summarize_artifacts',
      'sqlite_store.agent_history_summary',
      'sqlite_store.load_agent_snapshots',
      'sqlite_store.record_consumptions',
      'sqlite_store.delete_before',
      'sqlite_store.vacuum',
    ]);
  });

  it('tell how many rows there were', async () => {
    const store = await open({ onOperation: traceOperations(tracer) });
    await store.publishMany([NOTE, NOTE, NOTE]);
    await store.queryArtifacts({}, { limit: 2 });
    expect(spans().map(({ attributes }) => attributes)).toEqual([
      { 'db.system.name': 'sqlite', 'db.operation.name': 'publishMany', 'db.response.returned_rows': 3 },
      { 'db.system.name': 'sqlite', 'db.operation.name': 'queryArtifacts', 'db.response.returned_rows': 2 },
    ]);
  });

  it('last as long as the call', async () => {
    const medium = new TrialMedium();
    const store = await open({ medium, onOperation: traceOperations(tracer) });
    const append = medium.hold('append');
    const before = Date.now();
    const publishing = store.publish(NOTE);
    await append.begun;
    while (Date.now() < before + 20) await new Promise((resolve) => setTimeout(resolve, 1));
    append.finish();
    await publishing;
    const [span] = spans();
    const start = (span?.startTime[0] ?? 0) * 1e3 + (span?.startTime[1] ?? 0) / 1e6;
    const duration = (span?.duration[0] ?? 0) * 1e3 + (span?.duration[1] ?? 0) / 1e6;
    // Clocks show whole milliseconds.
    expect(duration).toBeGreaterThanOrEqual(19);
    expect(start).toBeGreaterThanOrEqual(before - 1);
    expect(start + duration).toBeLessThanOrEqual(Date.now() + 1);
  });

  it('belong to the span that was active at the call, also where calls share a group', async () => {
    const store = await open({ medium: new TrialMedium(), onOperation: traceOperations(tracer) });
    const parents = [tracer.startSpan('one'), tracer.startSpan('other')];
    await Promise.all(
      parents.map((parent) => context.with(trace.setSpan(context.active(), parent), () => store.publish(NOTE))),
    );
    expect(spans().map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual(
      parents.map((parent) => parent.spanContext().spanId),
    );
  });

  it('tell what a call failed with', async () => {
    const store = await open({ onOperation: traceOperations(tracer) });
    await failureOf(store.get('nobody'));
    const [span] = spans();
    expect(span?.status).toEqual({
      code: SpanStatusCode.ERROR,
      message: expect.stringContaining('"nobody"') as string,
    });
    expect(span?.attributes).toEqual({
      'db.system.name': 'sqlite',
      'db.operation.name': 'get',
      'error.type': 'invalid-argument',
    });
    expect(span?.events.map(({ name }) => name)).toEqual(['exception']);
  });

  it.each([
    ['enough', 'string'],
    [undefined, 'AbortError'],
  ])('tell of a call that was aborted: %j', async (reason, type) => {
    const store = await open({ onOperation: traceOperations(tracer) });
    await failureOf(store.list({ signal: AbortSignal.abort(reason) }));
    expect(spans()[0]?.attributes['error.type']).toBe(type);
    expect(spans()[0]?.status.code).toBe(SpanStatusCode.ERROR);
  });
});
