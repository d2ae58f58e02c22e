import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OperationLog } from '../../src/core/operations.ts';

function logOf(latencies: readonly number[]) {
  const log = new OperationLog();
  for (const ms of latencies) log.record('publish', ms, false);
  const stats = log.stats()['publish'];
  if (stats === undefined) throw new Error('no figures');
  return stats;
}

describe('the log of operations', () => {
  it('is empty before the first call', () => {
    expect(new OperationLog().stats()).toEqual({});
  });

  it('counts calls and errors by name', () => {
    const log = new OperationLog();
    log.record('publish', 1, false);
    log.record('publish', 1, true);
    log.record('publish', 1, true);
    log.record('get', 1, false);
    log.record('__proto__', 1, false);
    const stats = log.stats();
    expect(Object.keys(stats)).toEqual(['publish', 'get', '__proto__']);
    expect(stats['publish']).toMatchObject({ count: 3, errors: 2 });
    expect(stats['get']).toMatchObject({ count: 1, errors: 0 });
  });

  it('gives the half, nine tenths and ninety-nine hundredths within a tenth', () => {
    const latency = fc.double({ min: 0.002, max: 3_600_000, noNaN: true });
    fc.assert(
      fc.property(fc.array(latency, { minLength: 1, maxLength: 300 }), (latencies) => {
        const sorted = [...latencies].sort((a, b) => a - b);
        const stats = logOf(latencies);
        expect(stats.count).toBe(latencies.length);
        for (const [share, given] of [
          [0.5, stats.p50],
          [0.9, stats.p90],
          [0.99, stats.p99],
        ] as const) {
          const exact = sorted[Math.ceil(latencies.length * share) - 1] ?? Number.NaN;
          expect(given).toBeGreaterThanOrEqual(exact * (1 - 1e-9));
          expect(given).toBeLessThanOrEqual(exact * 1.1 * (1 + 1e-9));
        }
      }),
    );
  });

  it('tells the quantiles of a hundred different latencies apart', () => {
    const stats = logOf(Array.from({ length: 100 }, (_, i) => 1.2 ** i));
    expect(stats.p50 / 1.2 ** 49).toBeCloseTo(1, 0);
    expect(stats.p90 / 1.2 ** 89).toBeLessThan(1.11);
    expect(stats.p90 / 1.2 ** 89).toBeGreaterThanOrEqual(1);
    expect(stats.p99).toBeGreaterThan(stats.p90);
  });

  it('puts what is shorter than it can measure in the first bucket, and what is longer than ten hours in the last', () => {
    expect(logOf([0])).toMatchObject({ count: 1, p50: 0.001 });
    expect(logOf([0.001]).p99).toBe(0.001);
    expect(logOf([0.00101]).p99).toBeCloseTo(0.0011);
    const last = 0.001 * 1.1 ** 255;
    expect(logOf([last * 0.99]).p50).toBeCloseTo(last, 3);
    expect(logOf([last * 100]).p50).toBeCloseTo(last, 3);
    expect(logOf([Infinity])).toMatchObject({ count: 1, p50: last });
  });
});
