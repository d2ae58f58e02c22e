import { defineType } from '../core/artifact-type.ts';
import { equal, rejection, rejects } from './assert.ts';
import { CALLS } from './calls.ts';
import { casesOf, type ContractCase } from './contract-case.ts';
import { createGate, gatedType, schemaOf } from './sample-types.ts';
import { agent, at, entry, idOf, note, numbers } from './samples.ts';

const SLOW = { payload: { title: 'M' }, producedBy: 'critic', id: idOf(1), createdAt: at(1) };

const aborted = Object.entries(CALLS).flatMap(([method, call]) =>
  casesOf(14, {
    [`rejects ${method} with the reason of a signal that was aborted before, and does nothing`]: async (bench) => {
      const store = await bench.open();
      await store.publish(entry(1));
      await store.upsertAgentSnapshot(agent('z'));
      const reason = new Error('enough');
      equal((await rejection(call(store, AbortSignal.abort(reason)))) === reason, true, 'whether it is the reason');
      equal([numbers(await store.list()), (await store.loadAgentSnapshots()).length], [[1], 1]);
      equal((await store.stats()).sequence, 2);
    },
    [`rejects ${method} with the reason of a signal while it waits, and does nothing`]: async (bench) => {
      const store = await bench.open();
      const gate = createGate();
      const slow = store.publish({ ...SLOW, type: gatedType('Slow', gate) });
      const controller = new AbortController();
      const waiting = rejection(call(store, controller.signal));
      const list = store.list();
      const reason = new Error('enough');
      controller.abort(reason);
      // Before the gate opens: an aborted call does not wait for the one before it.
      equal((await waiting) === reason, true, 'whether it is the reason');
      gate.open();
      await slow;
      equal(numbers(await list), [1]);
      equal((await store.stats()).sequence, 1);
    },
  }),
);

const outcomes = casesOf(14, {
  'rejects with any reason that the caller chose': async (bench) => {
    const store = await bench.open();
    for (const reason of ['enough', 0, null, { code: 7 }]) {
      equal(await rejection(store.publish(note(), { signal: AbortSignal.abort(reason) })), reason);
    }
    const error = await rejection(store.list({ signal: AbortSignal.abort() }));
    equal(error instanceof Error && error.name, 'AbortError');
  },
  'rejects a call whose own validation is slow, and frees its place': async (bench) => {
    const store = await bench.open();
    const gate = createGate();
    const controller = new AbortController();
    const slow = rejection(store.publish({ ...SLOW, type: gatedType('Slow', gate) }, { signal: controller.signal }));
    const quick = store.publish(entry(2));
    controller.abort('enough');
    equal(await slow, 'enough');
    await quick;
    equal(numbers(await store.list()), [2]);
    gate.open();
    await gate.passed;
    equal(numbers(await store.list()), [2]);
  },
  'rejects getByType while a schema does not answer': async (bench) => {
    const store = await bench.open();
    const answers = [Promise.resolve({ value: {} })];
    const type = defineType(
      'Silent',
      schemaOf(() => answers.pop() ?? new Promise<never>(() => undefined)),
    );
    await store.publish({ type, payload: {}, producedBy: 'critic' });
    const controller = new AbortController();
    const reading = rejection(store.getByType(type, { signal: controller.signal }));
    await store.list();
    controller.abort('enough');
    equal(await reading, 'enough');
  },
  'leaves a call alone whose signal is aborted after it ended': async (bench) => {
    const store = await bench.open();
    const controller = new AbortController();
    const published = await store.publish(entry(1), { signal: controller.signal });
    controller.abort('too late');
    equal(await store.list(), [published]);
  },
  'reports a write that is aborted on its way as what became of it': async (bench) => {
    const store = await bench.open();
    for (let n = 1; n <= 3; n++) {
      const controller = new AbortController();
      const publishing = store.publish(entry(n), { signal: controller.signal }).then(
        () => 'published',
        (reason: unknown) => reason,
      );
      for (let turns = 1; turns < n; turns++) await Promise.resolve();
      controller.abort('enough');
      const outcome = await publishing;
      equal(outcome, (await store.get(idOf(n))) === null ? 'enough' : 'published');
    }
  },
  'leaves calls with other signals alone': async (bench) => {
    const store = await bench.open();
    const gate = createGate();
    const [mine, other] = [new AbortController(), new AbortController()];
    const slow = store.publish({ ...SLOW, type: gatedType('Slow', gate) });
    const kept = store.publish(entry(2), { signal: other.signal });
    const stopped = rejection(store.publish(entry(3), { signal: mine.signal }));
    mine.abort('enough');
    gate.open();
    await slow;
    await kept;
    equal(await stopped, 'enough');
    equal(numbers(await store.list()), [1, 2]);
  },
  'takes an aborted call that is wrong as wrong or as aborted, and does nothing': async (bench) => {
    const store = await bench.open();
    const error = await rejection(store.get('no', { signal: AbortSignal.abort('enough') }));
    if (error !== 'enough') await rejects(Promise.reject(error), 'invalid-argument');
    equal(await store.list(), []);
  },
  'closes when told to twice, and one of the two was aborted while it waited': async (bench) => {
    for (const aborted of [0, 1]) {
      const store = await bench.open();
      const gate = createGate();
      const slow = store.publish({ ...SLOW, type: gatedType('Slow', gate) });
      const controller = new AbortController();
      const closings = [0, 1].map((i) => store.close(i === aborted ? { signal: controller.signal } : {}));
      const stopped = rejection(closings[aborted] ?? Promise.resolve());
      const closed = closings[1 - aborted]?.catch((error: unknown) => error);
      controller.abort('enough');
      equal(await stopped, 'enough');
      await rejects(store.list(), 'closed');
      gate.open();
      await slow;
      equal(await closed, undefined, 'what became of the other');
      await rejects(store.list(), 'closed');
    }
  },
  'is still open when closing was aborted': async (bench) => {
    const store = await bench.open();
    equal(await rejection(store.close({ signal: AbortSignal.abort('enough') })), 'enough');
    await store.publish(entry(1));
    equal(numbers(await store.list()), [1]);
  },
});

export const signalCases: readonly ContractCase[] = [...aborted, ...outcomes];
