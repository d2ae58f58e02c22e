import { uuidFrom, type BlackboardStore } from 'boardlite';
import { openSqliteStore } from 'boardlite/sqlite';
import { casesIn } from './cases.ts';
import type { Answer, CasesTask, Host, Outcome, Task } from './host.ts';
import { outcomeOf, type Case } from './outcome.ts';

/** Cases have boards of their own, and wait for storage most of the time. */
const AT_ONCE = 8;

const NOTHING: Answer = { outcomes: [], total: 0, writes: 0 };

/** Does what a program is asked to do in this runtime. */
export async function perform(host: Host, task: Task): Promise<Answer> {
  switch (task.kind) {
    case 'cases':
      return runCases(host, task);
    case 'write':
      return write(await open(host, task.board), task.count);
    case 'count':
      return countWrites(await open(host, task.board));
  }
}

async function runCases(host: Host, { from, count, suite }: CasesTask): Promise<Answer> {
  const cases = await casesIn(host, suite);
  const asked = cases.slice(from, from + count);
  const outcomes = new Map<Case, Outcome>();
  const carryOut = async (each: Case) => outcomes.set(each, await outcomeOf(each));
  const waiting = asked.filter(({ isAlone }) => isAlone !== true);
  const work = async () => {
    for (let each = waiting.shift(); each !== undefined; each = waiting.shift()) await carryOut(each);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  for (const each of asked.filter(({ isAlone }) => isAlone === true)) await carryOut(each);
  return { ...NOTHING, outcomes: asked.flatMap((each) => outcomes.get(each) ?? []), total: cases.length };
}

function open({ media }: Host, board: string): Promise<BlackboardStore> {
  if (media === null) throw new Error('nothing rests here');
  return openSqliteStore({ medium: media.at(board) });
}

/** Each write publishes two artifacts, and a checkpoint comes now and then. */
function write(store: BlackboardStore & { checkpoint?(): Promise<unknown> }, count: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const writeOn = async () => {
      for (let n = 0; ; n++) {
        const draft = { type: 'test.Entry', producedBy: 'writer', payload: { n, text: 'x'.repeat(500) } };
        await store.publishMany([0, 1].map((part) => ({ ...draft, id: uuidFrom(`${String(n)} ${String(part)}`) })));
        if (n + 1 === count) resolve({ ...NOTHING, writes: count });
        if (n % 10 === 9) await store.checkpoint?.();
        // Where nothing has to be waited for, nobody else would get a turn.
        await new Promise((goOn) => setTimeout(goOn));
      }
    };
    writeOn().catch(reject);
  });
}

/** @throws Error unless there are the first so many writes, each of them whole */
async function countWrites(store: BlackboardStore): Promise<Answer> {
  const artifacts = await store.list();
  await store.close();
  const ids = new Set(artifacts.map(({ id }) => id));
  const writes = ids.size / 2;
  for (let n = 0; n < writes; n++) {
    if (![0, 1].every((part) => ids.has(uuidFrom(`${String(n)} ${String(part)}`)))) {
      throw new Error(`of ${String(writes)} writes, number ${String(n)} is not there whole`);
    }
  }
  return { ...NOTHING, writes };
}
