import { describe, expect, it } from 'vitest';
import { Calls } from '../../src/core/calls.ts';
import { ClosedError, InvalidArgumentError } from '../../src/core/errors.ts';
import { OperationLog } from '../../src/core/operations.ts';
import { Turns } from '../../src/core/turns.ts';

const failure = new Error('no');
const done = () => Promise.resolve();

describe('a call', () => {
  it('begins at once and gives what its body gives', async () => {
    const calls = new Calls();
    let began = false;
    const { signal } = new AbortController();
    const result = calls.carryOut('get', { signal }, (options) => {
      began = true;
      return options.signal;
    });
    expect(began).toBe(true);
    await expect(result).resolves.toBe(signal);
    await expect(calls.carryOut('get', undefined, (options) => Promise.resolve(options))).resolves.toEqual({});
  });

  it('rejects when its body fails, in whatever way, and never throws', async () => {
    const calls = new Calls();
    const thrown = calls.carryOut('get', undefined, () => {
      throw failure;
    });
    await expect(thrown).rejects.toBe(failure);
    await expect(calls.carryOut('get', undefined, () => Promise.reject(failure))).rejects.toBe(failure);
  });

  it('with options that make no sense never begins', async () => {
    const calls = new Calls();
    let began = false;
    const result = calls.carryOut('get', { sginal: 1 }, () => {
      began = true;
    });
    await expect(result).rejects.toThrow(InvalidArgumentError);
    await expect(result).rejects.toThrow('Cannot get: unknown field "sginal" in the options');
    expect(began).toBe(false);
  });

  it('is counted and timed, well or not', async () => {
    const calls = new Calls();
    await calls.carryOut('get', undefined, () => 1);
    await calls.carryOut('get', undefined, done);
    await expect(calls.carryOut('get', undefined, () => Promise.reject(failure))).rejects.toBe(failure);
    await expect(calls.carryOut('list', { a: 1 }, () => 1)).rejects.toThrow();
    const stats = calls.stats();
    expect(stats).toMatchObject({ get: { count: 3, errors: 1 }, list: { count: 1, errors: 1 } });
    expect(stats['get']?.p99).toBeGreaterThan(0);
    expect(stats['get']?.p99).toBeLessThan(10_000);
  });

  it('is counted when it ends, not when it begins', async () => {
    const calls = new Calls();
    let end: () => void = () => {};
    const call = calls.carryOut('get', undefined, () => new Promise<void>((resolve) => (end = resolve)));
    expect(calls.stats()).toEqual({});
    end();
    await call;
    expect(calls.stats()).toMatchObject({ get: { count: 1 } });
  });

  it('is told of with its name, its time, and what it gave or failed with', async () => {
    const told: unknown[][] = [];
    class Listener extends OperationLog {
      override record(name: string, ms: number, failed: boolean, outcome?: unknown): void {
        told.push([name, typeof ms, failed, outcome]);
        super.record(name, ms, failed);
      }
    }
    const calls = new Calls(new Turns(), new Listener());
    await calls.carryOut('get', undefined, () => Promise.resolve('found'));
    await expect(calls.carryOut('get', undefined, () => Promise.reject(failure))).rejects.toBe(failure);
    expect(told).toEqual([
      ['get', 'number', false, 'found'],
      ['get', 'number', true, failure],
    ]);
    expect(calls.stats()).toMatchObject({ get: { count: 2, errors: 1 } });
  });

  it('has its turn among those it is given', async () => {
    const turns = new Turns();
    const calls = new Calls(turns);
    const log: string[] = [];
    let ready: () => void = () => {};
    const before = turns.take(() => log.push('before'), new Promise<void>((resolve) => (ready = resolve)));
    const call = calls.take(undefined, () => log.push('call'));
    const closing = calls.close(undefined, () => {
      log.push('released');
      return Promise.resolve();
    });
    expect(log).toEqual([]);
    ready();
    await Promise.all([before, call, closing]);
    expect(log).toEqual(['before', 'call', 'released']);
  });

  it('takes its turn after earlier ones, with its own preparation and signal', async () => {
    const calls = new Calls();
    const log: string[] = [];
    let ready: () => void = () => {};
    const preparation = new Promise<void>((resolve) => (ready = resolve));
    const controller = new AbortController();
    const first = calls.take(undefined, () => log.push('first'), preparation);
    const second = calls.take(controller.signal, () => log.push('second'));
    const third = calls.take(undefined, () => log.push('third'));
    controller.abort(failure);
    await expect(second).rejects.toBe(failure);
    ready();
    await Promise.all([first, third]);
    expect(log).toEqual(['first', 'third']);
  });
});

describe('closing', () => {
  it('waits for earlier calls, refuses later ones by name, and releases once', async () => {
    const calls = new Calls();
    const log: string[] = [];
    let ready: () => void = () => {};
    const before = calls.take(undefined, () => log.push('before'), new Promise<void>((resolve) => (ready = resolve)));
    const release = () => {
      log.push('released');
      return Promise.resolve();
    };
    const closing = calls.close(undefined, release);
    const late = calls.carryOut('publish', undefined, () => log.push('late'));
    await expect(late).rejects.toThrow(ClosedError);
    await expect(late).rejects.toThrow('Cannot call publish: the store is closed');
    expect(log).toEqual([]);
    ready();
    await Promise.all([before, closing]);
    await calls.close(undefined, release);
    expect(log).toEqual(['before', 'released']);
    await expect(calls.carryOut('get', undefined, () => 1)).rejects.toThrow('Cannot call get: the store is closed');
    expect(calls.stats()).toMatchObject({ publish: { count: 1, errors: 1 }, get: { count: 1, errors: 1 } });
  });

  it('that fails leaves the store open, to be closed again', async () => {
    const calls = new Calls();
    await expect(calls.close(undefined, () => Promise.reject(failure))).rejects.toBe(failure);
    await expect(calls.carryOut('get', undefined, () => 1)).resolves.toBe(1);
    await expect(calls.close(undefined, done)).resolves.toBeUndefined();
    await expect(calls.carryOut('get', undefined, () => 1)).rejects.toThrow(ClosedError);
  });

  it('that is aborted while it waits leaves the store open', async () => {
    const calls = new Calls();
    let ready: () => void = () => {};
    const before = calls.take(undefined, () => 'before', new Promise<void>((resolve) => (ready = resolve)));
    const controller = new AbortController();
    const closing = calls.close(controller.signal, done);
    controller.abort(failure);
    await expect(closing).rejects.toBe(failure);
    await expect(calls.carryOut('get', undefined, () => 1)).resolves.toBe(1);
    ready();
    await expect(before).resolves.toBe('before');
  });
});
