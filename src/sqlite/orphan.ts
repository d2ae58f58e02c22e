import type { TypeRegistry } from '../core/artifact-type.ts';
import type { BoardView } from '../core/board.ts';
import { ConflictError, CorruptError } from '../core/errors.ts';
import { prepareChecked, prepareRestored, type PreparedDrafts } from '../core/publishing.ts';
import { quote } from '../core/text.ts';
import {
  resolveAgentSnapshot,
  resolveClearing,
  resolveConsumptions,
  resolveDeletion,
  type Intent,
  type Resolution,
  type Write,
} from '../core/write.ts';
import { decodeFrame, encodeFrame } from '../persistence/frame.ts';
import type { OpenMedium } from '../persistence/medium.ts';
import type { GroupTurns, OpenCall } from './group-turns.ts';
import type { Receipt } from './log-record.ts';
import type { Replica } from './replica.ts';
import type { OnEvent } from './store-event.ts';

/** What a page leaves as it ends: the writes that it has no answer to yet, in their order. */
export interface Orphan {
  readonly writer: string;
  readonly calls: readonly OpenCall[];
}

/** Framed like a record, so that damage shows. */
export function encodeOrphan({ writer, calls }: Orphan): Uint8Array {
  const body = new TextEncoder().encode(
    JSON.stringify({ writer, calls: calls.map(({ call, intent }) => ({ call, intent })) }),
  );
  return encodeFrame({ kind: 'record', number: 0, sequence: 0, previous: 0, body }).bytes;
}

/** @throws CorruptError */
export function decodeOrphan(bytes: Uint8Array, id: string): Orphan {
  const subject = `what a page left behind (${JSON.stringify(id)})`;
  const { body } = decodeFrame(bytes, subject);
  try {
    // Its checksum was right, so this is what encodeOrphan wrote.
    return JSON.parse(new TextDecoder('utf-8', { ignoreBOM: true }).decode(body)) as Orphan;
  } catch (cause) {
    throw new CorruptError(`Cannot read ${subject}: it is not JSON`, { cause });
  }
}

/** What carrying out an orphan takes. */
export interface Adopter {
  readonly medium: OpenMedium;
  readonly replica: Replica;
  readonly turns: GroupTurns;
  readonly types: TypeRegistry;
  readonly onEvent: OnEvent;
  /** Ends the opening that carries it out. */
  readonly signal: AbortSignal | undefined;
}

/** Carries out what pages left behind as they ended, each call once, and tells what was refused. */
export async function adoptOrphans(adopter: Adopter): Promise<void> {
  for (const [id, bytes] of await attemptRead(adopter)) {
    const orphan = attemptDecode(bytes, id, adopter.onEvent);
    if (orphan === null) continue;
    let writes = 0;
    try {
      for (const { call, intent } of orphan.calls) {
        writes += await adopt({ writer: orphan.writer, call }, intent, id, adopter);
      }
      await adopter.medium.dropOrphans([id]);
    } catch (error) {
      adopter.signal?.throwIfAborted();
      // A full disk, say, is no reason to keep the board from its readers.
      adopter.onEvent({ type: 'orphan-postponed', error });
      return;
    } finally {
      if (writes > 0) adopter.onEvent({ type: 'orphan-adopted', writes });
    }
  }
}

/** Takes calls out of what a store left behind itself, where its page lived on and they have ended. */
export async function takeBackCalls(
  writer: string,
  ended: ReadonlySet<number>,
  { medium, onEvent }: Pick<Adopter, 'medium' | 'onEvent'>,
): Promise<void> {
  const ids: string[] = [];
  const wanted = new Map<number, OpenCall>();
  for (const [id, bytes] of await medium.orphans()) {
    const orphan = attemptDecode(bytes, id, onEvent);
    if (orphan?.writer !== writer || !orphan.calls.some(({ call }) => ended.has(call))) continue;
    ids.push(id);
    for (const each of orphan.calls) if (!ended.has(each.call)) wanted.set(each.call, each);
  }
  const calls = [...wanted.values()].sort((a, b) => a.call - b.call);
  await medium.dropOrphans(ids, calls.length === 0 ? undefined : encodeOrphan({ writer, calls }));
}

/** Returns 1 when the call was carried out now, and taken. */
async function adopt(receipt: Receipt, intent: Intent, id: string, adopter: Adopter): Promise<number> {
  const { medium, replica, turns, types, onEvent, signal } = adopter;
  if (replica.board.isOver(receipt)) return 0;
  const prepared = prepareIntent(intent, replica.board, types);
  let isTakenBack = false;
  const validation = prepared.validation?.then(async () => {
    // That took its time, and a page that lives on after all has perhaps told its callers something else by now.
    isTakenBack = !(await medium.orphans()).has(id);
    if (isTakenBack) throw new ConflictError(`Cannot ${ACTION}: it was taken back`);
  });
  let taken = 0;
  const resolve = async (): Promise<Resolution<void>> => {
    taken = 0;
    if (replica.board.isOver(receipt)) return { facts: [], result: undefined };
    const { facts } = await prepared.resolve(replica.board);
    taken = 1;
    return { facts, result: undefined };
  };
  await turns.write({ intent, resolve }, signal, validation, receipt).catch((error: unknown) => {
    if (isTakenBack) return;
    if (!replica.board.isOver(receipt)) throw error;
    taken = 0;
    onEvent({ type: 'orphan-refused', error });
  });
  return taken;
}

/** What the medium cannot give at all waits for the next opening. That the medium is gone is another matter. */
async function attemptRead({ medium, onEvent }: Adopter): Promise<ReadonlyMap<string, Uint8Array>> {
  try {
    return await medium.orphans();
  } catch (error) {
    if (!(error instanceof CorruptError)) throw error;
    onEvent({ type: 'orphan-postponed', error });
    return new Map();
  }
}

function attemptDecode(bytes: Uint8Array, id: string, onEvent: OnEvent): Orphan | null {
  try {
    return decodeOrphan(bytes, id);
  } catch (error) {
    // It stays where it is: somebody may still want to look at it.
    onEvent({ type: 'orphan-refused', error });
    return null;
  }
}

const ACTION = 'carry out what a page left behind';

/** The write that an intent stands for, checked as if it were called now. */
function prepareIntent(
  intent: Intent,
  board: BoardView,
  types: TypeRegistry,
): Pick<Write<unknown>, 'resolve'> & Partial<Pick<PreparedDrafts, 'validation'>> {
  switch (intent.kind) {
    case 'artifact': {
      if (intent.isRestored === true) return prepareRestored(intent.drafts);
      const action = (i: number) => `${ACTION}: publish artifact ${quote(intent.drafts[i]?.id)}`;
      return prepareChecked(intent.drafts, types, board, action);
    }
    case 'consumption':
      return { resolve: (view) => resolveConsumptions(intent.consumptions, view, ACTION) };
    case 'agent':
      return { resolve: (view) => resolveAgentSnapshot(intent.snapshot, view) };
    case 'agents-cleared':
      return { resolve: resolveClearing };
    case 'deletion':
      return { resolve: (view) => resolveDeletion(intent.before, view) };
  }
}
