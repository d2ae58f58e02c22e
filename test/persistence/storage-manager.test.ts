import { expect, it, onTestFinished, vi } from 'vitest';
import { askToPersist, checkPressure } from '../../src/persistence/storage-manager.ts';

it('a worker, which cannot ask for storage that lasts, is not kept from its board', async () => {
  onTestFinished(() => {
    vi.unstubAllGlobals();
  });
  vi.stubGlobal('navigator', { storage: { estimate: () => Promise.resolve({ usage: 9, quota: 10 }) } });
  askToPersist();
  const events: unknown[] = [];
  await checkPressure((event) => events.push(event));
  expect(events).toEqual([{ type: 'storage-pressure', usage: 9, quota: 10 }]);
});
