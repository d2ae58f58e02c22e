import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { childScript, start } from '../persistence/child.ts';
import { temporaryFolder } from '../persistence/temporary-folder.ts';
import { WITH_ENGINE } from './engine.ts';
import { operationsIn, type Found } from './operations.ts';

const script = childScript('write-until-killed', new URL('write-until-killed.ts', import.meta.url));

/** Rounds that count: those in which at least so many writes were acknowledged. */
const ENOUGH = 10;
const ROUNDS = 104;
/** A board is begun anew now and then, so that its first moments are hit as well. */
const ROUNDS_ON_A_BOARD = 13;

interface Message {
  readonly found?: Found;
  readonly events?: readonly string[];
  readonly called?: number;
  readonly acknowledged?: number;
}

/** What was known of a board when its writer was killed. */
interface Round {
  readonly found: Found;
  readonly events: readonly string[];
  readonly called: number;
  readonly acknowledged: number;
  readonly acknowledgements: number;
}

/** Lets a process write, and kills it some milliseconds after enough writes were acknowledged. */
async function killWriter(path: string, durability: string, delay: number): Promise<Round> {
  const child = start(process.execPath, [script(), path, durability], WITH_ENGINE);
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  let round: Omit<Round, 'found' | 'events'> = { called: 0, acknowledged: 0, acknowledgements: 0 };
  let opened: Pick<Round, 'found' | 'events'> | null = null;
  let isDoomed = false;
  for await (const line of createInterface({ input: child.stdout ?? process.stdin })) {
    const { found, events = [], called, acknowledged }: Message = JSON.parse(line) as Message;
    if (found !== undefined) opened = { found, events };
    if (called !== undefined) round = { ...round, called };
    if (acknowledged !== undefined) {
      round = {
        ...round,
        acknowledged: Math.max(round.acknowledged, acknowledged),
        acknowledgements: round.acknowledgements + 1,
      };
    }
    if (isDoomed || round.acknowledgements < ENOUGH) continue;
    isDoomed = true;
    setTimeout(() => child.kill('SIGKILL'), delay);
  }
  if (opened === null) throw new Error(`The writer could not open the board: ${errors}`);
  return { ...round, ...opened };
}

describe.each(['strict', 'relaxed'])('a writer that is killed, %s', (durability) => {
  it(`loses nothing that was acknowledged, and does nothing by halves or twice, ${String(ROUNDS)} times`, async () => {
    const seed = Math.floor(Math.random() * 2 ** 32);
    console.log(`killed writers (${durability}): seed ${String(seed)}`);
    const folder = await temporaryFolder();
    let last: Round | null = null;
    let counted = 0;
    for (let n = 0; counted < ROUNDS; n++) {
      const board = Math.floor(n / ROUNDS_ON_A_BOARD);
      if (n % ROUNDS_ON_A_BOARD === 0) last = null;
      const delay = ((seed + n * 2654435761) % 4294967296) / 2 ** 27;
      const round = await killWriter(join(folder, `${String(board)}.db`), durability, delay);
      const recovered = operationsIn(round.found);
      if (last === null) expect(recovered).toBe(0);
      else {
        expect(recovered).toBeGreaterThanOrEqual(last.acknowledged);
        expect(recovered).toBeLessThanOrEqual(last.called);
      }
      last = round;
      if (round.acknowledgements >= ENOUGH) counted++;
    }
  }, 240_000);
});
