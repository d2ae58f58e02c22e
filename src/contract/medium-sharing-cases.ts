import type { OpenMedium } from '../persistence/medium.ts';
import { equal, rejects } from './assert.ts';
import { holds, sameRecords } from './medium-assert.ts';
import { mediumCasesOf, type MediumBench } from './medium-case.ts';
import { appendTo, History, saveTo, startBoard } from './medium-samples.ts';

/** Two media that have read all there is. */
async function startTwo(bench: MediumBench, records = 0) {
  const board = await startBoard(bench, records);
  const other = await bench.second(board.medium);
  await holds(other, board.snapshot, board.log);
  return { ...board, other };
}

/** Both append a record of their own under the next number at once. Returns the records that the two wanted to append. */
async function race(one: OpenMedium, other: OpenMedium, history: History, first: 0 | 1): Promise<Uint8Array> {
  const rival = history.fork();
  const records = [history.record(30), rival.record(31)] as const;
  const racers = [one, other] as const;
  const started = [first, 1 - first].map((i) => {
    const racer = racers[i === 0 ? 0 : 1];
    return racer.append(history.number, records[i === 0 ? 0 : 1], i === 0 ? 'strict' : 'relaxed');
  });
  const outcomes = await Promise.all(started);
  equal(outcomes.filter(Boolean).length, 1, 'how many of the two appended');
  const winner = outcomes[0] === true ? first : 1 - first;
  return winner === 0 ? records[0] : records[1];
}

const sharing = mediumCasesOf(
  'sharing',
  {
    'says that it is shared': async (bench) => {
      const { medium, other } = await startTwo(bench);
      equal([medium.isShared, other.isShared], [true, true]);
    },
    'shows each what the other appends': async (bench) => {
      const { medium, other, history, snapshot, log } = await startTwo(bench, 1);
      log.push(await appendTo(medium, history));
      sameRecords(await other.recordsFrom(2), log.slice(1));
      log.push(await appendTo(other, history));
      sameRecords(await medium.recordsFrom(3), log.slice(2));
      log.push(await appendTo(medium, history));
      for (const each of [medium, other]) await holds(each, snapshot, log);
    },
    'knows what the other saved when it has read on, where it says that at all': async (bench) => {
      const { medium, other, history } = await startTwo(bench, 2);
      equal(await medium.save(history.snapshot()), true);
      equal(await other.recordsFrom(3), []);
      if (other.saved !== undefined) equal([medium.saved, other.saved], [2, 2]);
    },
    'lets exactly one of two append a number': async (bench) => {
      for (const first of [0, 1] as const) {
        const { medium, other, history, snapshot } = await startTwo(bench);
        const winner = await race(medium, other, history, first);
        for (const each of [medium, other]) await holds(each, snapshot, [winner]);
      }
    },
    'loses no record when two append again and again': async (bench) => {
      const { medium, other, snapshot } = await startTwo(bench);
      const log: Uint8Array[] = [];
      // Who comes too late tries again, and one of the two gets on each time.
      const append = async (user: OpenMedium, size: number) => {
        for (let tries = 0; tries < 40; tries++) {
          const number = log.length + 1;
          const history = new History();
          while (history.number < number - 1) history.record();
          const record = history.record(size + tries);
          if (await user.append(number, record, 'relaxed')) log[number - 1] = record;
        }
      };
      await Promise.all([append(medium, 100), append(other, 200)]);
      equal(log.length >= 40, true, 'whether at least one of the two appended each time');
      await holds(await bench.second(medium), snapshot, log);
    },
    'refuses the append of one that has not seen the last record': async (bench) => {
      const { medium, other, history, snapshot } = await startTwo(bench);
      const late = history.fork().record(77);
      const record = await appendTo(medium, history);
      equal(await other.append(1, late, 'relaxed'), false);
      await holds(other, snapshot, [record]);
    },
    'refuses the append of one that slept through a save': async (bench) => {
      const { medium, other, history } = await startTwo(bench);
      const late = history.fork().record(77);
      await appendTo(medium, history);
      await appendTo(medium, history);
      const snapshot = history.snapshot();
      await saveTo(medium, snapshot);
      equal(await other.append(1, late, 'strict'), false);
      equal(await other.recordsFrom(1), null);
      await holds(other, snapshot);
      const record = await appendTo(other, history);
      await holds(medium, snapshot, [record]);
    },
    'lets one append who knew all that another saved': async (bench) => {
      const { medium, other, history } = await startTwo(bench, 2);
      const snapshot = history.snapshot();
      await saveTo(medium, snapshot);
      equal(await other.recordsFrom(3), []);
      const record = await appendTo(other, history);
      await holds(medium, snapshot, [record]);
    },
    'keeps what one appends while the other saves': async (bench) => {
      const { medium, other, history } = await startTwo(bench, 2);
      const snapshot = history.snapshot(new Uint8Array(2_500_000));
      const saving = medium.save(snapshot);
      const records = [await appendTo(other, history), await appendTo(other, history)];
      equal(await saving, true);
      for (const each of [medium, other]) await holds(each, snapshot, records);
    },
    'saves what the other appended': async (bench) => {
      const { medium, other, history } = await startTwo(bench, 2);
      const held = await appendTo(medium, history);
      sameRecords(await other.recordsFrom(3), [held]);
      const snapshot = history.snapshot();
      const later = await appendTo(medium, history);
      await saveTo(other, snapshot);
      for (const each of [medium, other]) await holds(each, snapshot, [later]);
    },
    'refuses a snapshot that holds less than the one that is there, and changes nothing': async (bench) => {
      const { medium, other, history } = await startTwo(bench, 2);
      const stale = history.snapshot();
      await appendTo(medium, history);
      const snapshot = history.snapshot();
      await saveTo(medium, snapshot);
      const record = await appendTo(medium, history);
      equal(await other.save(stale), false);
      for (const each of [medium, other]) await holds(each, snapshot, [record]);
    },
    'lets exactly one of two begin a board': async (bench) => {
      for (const begin of ['one by one', 'at once']) {
        const medium = await bench.open();
        const other = await bench.second(medium);
        const mine = new History('00000000-0000-4000-8000-0000000000e1').snapshot();
        const theirs = new History('00000000-0000-4000-8000-0000000000e2').snapshot();
        equal([await medium.load(), await other.load()], [null, null]);
        const outcomes =
          begin === 'at once'
            ? await Promise.all([medium.save(mine), other.save(theirs)])
            : [await medium.save(mine), await other.save(theirs)];
        equal(outcomes.filter(Boolean).length, 1, `how many of two began the board, ${begin}`);
        for (const each of [medium, other]) await holds(each, outcomes[0] === true ? mine : theirs);
      }
    },
    'is open for one when another closes': async (bench) => {
      const { medium, other, history, snapshot, log } = await startTwo(bench, 1);
      await medium.close();
      log.push(await appendTo(other, history));
      await holds(other, snapshot, log);
    },
  },
  ['shared'],
);

const refusing = mediumCasesOf(
  'sharing',
  {
    'says that it is not shared': async (bench) => {
      equal((await bench.open()).isShared, false);
    },
    'refuses a second one that writes, until the first is closed': async (bench) => {
      const { medium, snapshot, log } = await startBoard(bench, 1);
      await rejects(bench.second(medium), 'locked', 'Cannot ');
      await medium.close();
      await holds(await bench.second(medium), snapshot, log);
    },
    'is not disturbed by a second one that was refused': async (bench) => {
      const { medium, history, snapshot, log } = await startBoard(bench, 1);
      await rejects(bench.second(medium), 'locked');
      log.push(await appendTo(medium, history));
      await holds(medium, snapshot, log);
      await rejects(bench.second(medium), 'locked');
    },
  },
  ['exclusive'],
);

export const mediumSharingCases = [...sharing, ...refusing];
