import { expect, it, vi } from 'vitest';
import { unlessAborted } from '../../src/core/unless-aborted.ts';

const never = new Promise<never>(() => undefined);
const reason = new Error('enough');

it('work without a signal is the work itself', () => {
  const work = Promise.resolve(1);
  expect(unlessAborted(work, undefined)).toBe(work);
});

it('work under a signal comes to what it comes to', async () => {
  const { signal } = new AbortController();
  expect(await unlessAborted(Promise.resolve(1), signal)).toBe(1);
  await expect(unlessAborted(Promise.reject(reason), signal)).rejects.toBe(reason);
});

it('a signal ends the wait, before the work has ended and when it was aborted all along', async () => {
  const abort = new AbortController();
  const waiting = unlessAborted(never, abort.signal);
  abort.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  await expect(unlessAborted(never, abort.signal)).rejects.toBe(reason);
});

it('a signal is left alone when the work has ended', async () => {
  const { signal } = new AbortController();
  const [add, remove] = [vi.spyOn(signal, 'addEventListener'), vi.spyOn(signal, 'removeEventListener')];
  await unlessAborted(Promise.resolve(1), signal);
  await Promise.resolve();
  await Promise.resolve();
  expect(remove.mock.calls).toEqual(add.mock.calls);
  expect(add).toHaveBeenCalledOnce();
});
