import { equal, rejects } from './assert.ts';
import { CALLS } from './calls.ts';
import { casesOf, type ContractCase } from './contract-case.ts';
import { createGate, gatedType } from './sample-types.ts';
import { entry, note } from './samples.ts';

/** Whether a call that nothing holds up would have ended by now. */
async function hasEnded(call: Promise<unknown>): Promise<boolean> {
  let ended = false;
  const end = () => {
    ended = true;
  };
  call.then(end, end);
  for (let i = 0; i < 50; i++) await Promise.resolve();
  return ended;
}

const closed = Object.entries(CALLS).flatMap(([method, call]) =>
  casesOf(14, {
    [`refuses ${method} after close`]: async (bench) => {
      const store = await bench.open();
      await store.close();
      await rejects(call(store), 'closed', method, 'closed');
    },
  }),
);

const closing = casesOf(14, {
  'closes once, however often it is told to': async (bench) => {
    const store = await bench.open();
    await Promise.all([store.close(), store.close()]);
    await store.close();
    await store.close({ checkpoint: false });
  },
  'refuses calls from the moment close is called': async (bench) => {
    const store = await bench.open();
    const closing = store.close();
    const publishing = store.publish(note());
    await rejects(publishing, 'closed', 'publish');
    await closing;
  },
  'is closed at the end of an `await using` block': async (bench) => {
    if (typeof Symbol.asyncDispose !== 'symbol') return;
    const store = await bench.open();
    await store[Symbol.asyncDispose]();
    await rejects(store.list(), 'closed');
  },
});

const before = casesOf(13, {
  'carries out what was called before close, slow validation included': async (bench) => {
    const store = await bench.open();
    const gate = createGate();
    const slow = store.publish({ type: gatedType('Slow', gate), payload: { title: 'M' }, producedBy: 'critic' });
    const quick = store.publish(entry(2));
    const list = store.list();
    const closing = store.close();
    equal(await hasEnded(closing), false, 'whether close has ended before what waits');
    gate.open();
    await closing;
    equal([(await slow).type, (await quick).type, (await list).length], ['Slow', 'Note', 2]);
  },
  'flushes an empty board, and one whose writes still wait': async (bench) => {
    const store = await bench.open();
    await store.flush();
    const gate = createGate();
    const slow = store.publish({ type: gatedType('Slow', gate), payload: { title: 'M' }, producedBy: 'critic' });
    const flushing = store.flush();
    equal(await hasEnded(flushing), false, 'whether flush has ended before what waits');
    gate.open();
    await flushing;
    equal(await store.list(), [await slow]);
  },
});

const abilities = casesOf(14, {
  'says what it can do, and keeps to it': async (bench) => {
    const store = await bench.open();
    const { durable, writable, sqlite } = store.capabilities;
    equal([typeof durable, typeof sqlite, writable], ['boolean', 'boolean', true]);
    await store.publish(note());
    equal([store.capabilities.durable, store.capabilities.sqlite], [durable, sqlite]);
  },
  'counts what is on the board': async (bench) => {
    const store = await bench.open();
    const { artifacts, consumptions, sequence, epoch } = await store.stats();
    equal([artifacts, consumptions, sequence, typeof epoch], [0, 0, 0, 'string']);
    await store.publishMany([entry(1), entry(2), entry(1)]);
    const stats = await store.stats();
    equal([stats.artifacts, stats.consumptions, stats.sequence, stats.epoch === epoch], [2, 0, 3, true]);
  },
});

export const lifecycleCases: readonly ContractCase[] = [...closed, ...closing, ...before, ...abilities];
