import { uuidFrom, type BlackboardStore } from 'boardlite';

/** How calls that write are made. */
export interface Writing {
  readonly mayCall: (call: number) => boolean;
  /** What each artifact of a call carries beside its number; nothing unless given. */
  readonly textOf?: (call: number) => string;
  readonly onAccepted: (call: number) => void;
  /** Waited for after some calls; nothing unless given. */
  readonly rest?: () => Promise<void>;
}

/** What is on a board of a writer's. */
export interface WriterFound {
  /** The calls of which anything is there, in their order. */
  readonly calls: number[];
  /** Whether each of them is there whole. */
  readonly isWhole: boolean;
}

/**
 * Publishes artifacts, each named after the writer and its number, for as long as it may, some calls at a time; each of
 * the calls publishes three or none. Tells of every call that was acknowledged.
 */
export async function writeWhile(
  store: BlackboardStore,
  writer: string,
  { mayCall, textOf, onAccepted, rest }: Writing,
): Promise<void> {
  for (let call = 0; mayCall(call);) {
    const together: Promise<void>[] = [];
    for (let left = 1 + (call % 4); left > 0 && mayCall(call); left--) {
      const number = call++;
      const published = store.publishMany(draftsOf(writer, number, textOf?.(number)));
      together.push(published.then(() => onAccepted(number)));
    }
    await Promise.all(together);
    await rest?.();
  }
}

/** What one call of a writer publishes. */
export function draftsOf(writer: string, call: number, text = '') {
  return [0, 1, 2].map((part) => ({
    id: uuidFrom(`${writer} ${String(call)} ${String(part)}`),
    type: 'Note',
    producedBy: writer,
    payload: { call, part, text },
  }));
}

export async function callsOf(store: BlackboardStore, writer: string): Promise<WriterFound> {
  const { items } = await store.queryArtifacts({ producedBy: writer, typeNames: 'Note' }, { limit: Infinity });
  const parts = new Map<number, number>();
  for (const { payload } of items) {
    const call = Number(payload['call']);
    parts.set(call, (parts.get(call) ?? 0) + 1);
  }
  return { calls: [...parts.keys()].sort((a, b) => a - b), isWhole: [...parts.values()].every((n) => n === 3) };
}

/** Everything on a board that a user can see, in a few letters. */
export async function digestOf(store: BlackboardStore): Promise<string> {
  // Called in one go, they are answered from one and the same board.
  const [{ items }, agents] = await Promise.all([
    store.fetchGraphArtifacts({}, { limit: Infinity }),
    store.loadAgentSnapshots(),
  ]);
  return `${String(items.length)} artifacts, ${uuidFrom(JSON.stringify([items, agents]))}`;
}

/**
 * Makes so many calls, and one before and one after them, that get no answer: the validation of the first never ends. The
 * last is one that is to be refused.
 */
export function callInVain(store: BlackboardStore, writer: string, calls: number, textOf?: Writing['textOf']): void {
  const validate = () => new Promise<never>(() => undefined);
  const type = { name: 'Slow', schema: { '~standard': { version: 1 as const, vendor: 'test', validate } } };
  void store.publish({ type, producedBy: writer, payload: {} });
  for (let call = 0; call < calls; call++) void store.publishMany(draftsOf(writer, call, textOf?.(call)));
  void store.recordConsumptions([{ artifactId: '00000000-0000-4000-8000-000000000000', consumer: writer }]);
}
