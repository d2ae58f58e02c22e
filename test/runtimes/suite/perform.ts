import { uuidFrom, type BlackboardStore } from 'boardlite';
import { openSqliteStore } from 'boardlite/sqlite';
import { casesIn, SABOTAGE } from './cases.ts';
import type { Answer, Host, Outcome, Task } from './host.ts';
import { outcomeOf } from './outcome.ts';

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

async function runCases(host: Host, { from, count, isSabotaged }: Task & { kind: 'cases' }): Promise<Answer> {
  const cases = isSabotaged ? [SABOTAGE] : await casesIn(host);
  const outcomes: Outcome[] = [];
  for (const each of cases.slice(from, from + count)) outcomes.push(await outcomeOf(each));
  return { ...NOTHING, outcomes, total: cases.length };
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
