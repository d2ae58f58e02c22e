import type { BoardData } from './boards.ts';
import type { Count, Session } from './contestant.ts';

/** What came of one piece of work. */
export interface Sample {
  readonly ms: number;
  /** Milliseconds that processors worked for it: what others do on the machine is not in there, waiting is not either. */
  readonly cpu: number;
  readonly calls: number;
  /** How much was found or done: the same for all who do the work. */
  readonly found: number;
}

export interface Work {
  readonly name: string;
  /** One call of it is this. */
  readonly unit: string;
  /** Does a piece of the work; null where the contestant cannot. @param first the index of an entry that is not on the board yet, nor are those after it */
  run(session: Session, data: BoardData, first: number): Promise<Sample | null>;
}

/** How many entries a piece of work publishes at most. */
export const MOST_PUBLISHED = 1000;
const PAGE = 100;
/** Little, and many rounds of it: on a machine that others use, a short piece of work is less often interrupted. */
export const GETS = 100;
const ONE_BY_ONE = 30;
const AT_ONCE = 200;

async function timed(calls: number, work: () => Promise<number>): Promise<Sample> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const found = await work();
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { ms, cpu: (user + system) / 1000, calls, found };
}

/** Without a promise where there is none: a contestant that needs none is not to pay for it. */
async function sum<T>(items: readonly T[], work: (item: T) => Count): Promise<number> {
  let found = 0;
  for (const item of items) {
    const result = work(item);
    found += typeof result === 'number' ? result : await result;
  }
  return found;
}

async function each<T>(items: readonly T[], work: (item: T) => unknown): Promise<void> {
  for (const item of items) {
    const result = work(item);
    if (result instanceof Promise) await result;
  }
}

const numbers = (count: number, from: number) => Array.from({ length: count }, (_, i) => from + i);

export const reads: readonly Work[] = [
  {
    name: 'get by id',
    unit: 'artifact',
    async run(session, data, first) {
      const get = session.get?.bind(session);
      const ids = data.ids(first, GETS);
      return get === undefined ? null : timed(ids.length, () => sum(ids, get));
    },
  },
  {
    name: 'list by type',
    unit: 'artifact',
    async run(session, data) {
      const list = session.list?.bind(session);
      if (list === undefined) return null;
      const sample = await timed(1, () => sum([data.listed], list));
      return { ...sample, calls: sample.found };
    },
  },
  {
    name: 'query by producer',
    unit: 'page of 50 and total',
    async run(session, data, first) {
      const query = session.query?.bind(session);
      const questions = numbers(3, first).map((seed) => data.questionByProducer(seed));
      return query === undefined ? null : timed(questions.length, () => sum(questions, query));
    },
  },
  {
    name: 'query by tag',
    unit: 'page of 50 and total',
    async run(session, data, first) {
      const query = session.query?.bind(session);
      const questions = numbers(3, first).map((seed) => data.questionByTag(seed));
      return query === undefined ? null : timed(questions.length, () => sum(questions, query));
    },
  },
  {
    name: '10 concurrent readers',
    unit: 'read',
    async run(session, data, first) {
      const [get, query] = [session.get?.bind(session), session.query?.bind(session)];
      if (get === undefined || query === undefined) return null;
      const reader = async (n: number) =>
        (await sum(data.ids(first + n, 4), get)) + (await sum([data.questionByProducer(first + n)], query));
      return timed(50, async () => (await Promise.all(numbers(10, 0).map(reader))).reduce((a, b) => a + b));
    },
  },
  {
    name: 'pages by cursor',
    unit: `page of ${String(PAGE)}`,
    async run(session, data) {
      const walk = session.walk?.bind(session);
      const pages = Math.min(5, data.size / PAGE);
      return walk === undefined ? null : timed(pages, async () => walk(PAGE, pages));
    },
  },
  {
    name: 'summary',
    unit: 'call',
    async run(session) {
      const summary = session.summary?.bind(session);
      return summary === undefined ? null : timed(1, async () => summary());
    },
  },
  {
    name: 'history',
    unit: 'call',
    async run(session) {
      const history = session.history?.bind(session);
      return history === undefined ? null : timed(1, async () => history('agent-3'));
    },
  },
];

export const writes: readonly Work[] = [
  {
    name: 'publish one by one',
    unit: 'artifact',
    async run(session, data, first) {
      const publish = session.publish?.bind(session);
      if (publish === undefined) return null;
      const entries = data.entries(first, ONE_BY_ONE);
      return timed(entries.length, async () => (await each(entries, publish), entries.length));
    },
  },
  {
    name: 'publish concurrently',
    unit: 'artifact',
    async run(session, data, first) {
      const publish = session.publish?.bind(session);
      if (publish === undefined) return null;
      const entries = data.entries(first, AT_ONCE);
      return timed(entries.length, async () => (await Promise.all(entries.map(publish))).length);
    },
  },
  {
    name: 'publishMany of 1,000',
    unit: 'artifact',
    async run(session, data, first) {
      const publishMany = session.publishMany?.bind(session);
      if (publishMany === undefined) return null;
      const entries = data.entries(first, MOST_PUBLISHED);
      return timed(entries.length, async () => (await each([entries], publishMany), entries.length));
    },
  },
  {
    name: 'mixed 90/10',
    unit: 'call',
    async run(session, data, first) {
      const [get, publish] = [session.get?.bind(session), session.publish?.bind(session)];
      if (get === undefined || publish === undefined) return null;
      const ids = data.ids(first, 90);
      const entries = data.entries(first, 10);
      return timed(100, () =>
        entries.reduce<Promise<number>>(async (before, entry, i) => {
          const found = await before;
          await each([entry], publish);
          return found + (await sum(ids.slice(9 * i, 9 * i + 9), get));
        }, Promise.resolve(0)),
      );
    },
  },
  {
    name: 'checkpoint',
    unit: 'call',
    async run(session) {
      const checkpoint = session.checkpoint?.bind(session);
      return checkpoint === undefined ? null : timed(1, async () => (await checkpoint(), 1));
    },
  },
];
