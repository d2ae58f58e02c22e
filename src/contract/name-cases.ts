import { equal, rejects } from './assert.ts';
import { casesOf, type ContractCase } from './contract-case.ts';
import { anyType, createGate, gatedType, movieType } from './sample-types.ts';
import { at, consumption, entry, idOf, note, numbers } from './samples.ts';

const resolving = casesOf(3, {
  'publishes a simple name under the canonical name of the registered type': async (bench) => {
    const store = await bench.open({ types: [anyType('films.Movie')] });
    const { type } = await store.publish(note({ type: 'Movie' }));
    equal([type, (await store.list())[0]?.type], ['films.Movie', 'films.Movie']);
  },
  'takes what follows the last dot as the simple name': async (bench) => {
    const store = await bench.open({ types: [anyType('films.old.Movie')] });
    const published = await store.publishMany([note({ type: 'Movie' }), note({ type: 'old.Movie' })]);
    equal(
      published.map(({ type }) => type),
      ['films.old.Movie', 'old.Movie'],
    );
  },
  'takes names with their case': async (bench) => {
    const store = await bench.open({ types: [anyType('films.Movie')] });
    await store.publish(note({ type: 'movie' }));
    equal((await store.list())[0]?.type, 'movie');
    equal(await store.listByType('Movie'), []);
  },
  'prefers the registered type with exactly that name': async (bench) => {
    const store = await bench.open({ types: [anyType('films.Movie'), anyType('Movie')] });
    equal((await store.publish(note({ type: 'Movie' }))).type, 'Movie');
  },
  'prefers a name that is on the board to a simple name': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1, { type: 'Movie' }));
    await store.publish({ type: anyType('films.Movie'), payload: {}, producedBy: 'critic', id: idOf(2) });
    equal((await store.publish(entry(3, { type: 'Movie' }))).type, 'Movie');
    equal(numbers(await store.listByType('Movie')), [1, 3]);
    equal(numbers(await store.listByType('films.Movie')), [2]);
  },
  'resolves a simple name again once no artifact has exactly that name': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1, { type: 'Movie' }));
    await store.listByType(anyType('films.Movie'));
    await store.deleteBefore(at(2));
    equal((await store.publish(entry(3, { type: 'Movie' }))).type, 'films.Movie');
  },
  'resolves a simple name again once the artifact of that name was replaced under another': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1, { type: 'Movie' }));
    await store.listByType(anyType('films.Movie'));
    await store.publish(entry(1, { type: 'Other' }));
    equal((await store.publish(entry(2, { type: 'Movie' }))).type, 'films.Movie');
  },
  'keeps the name under which an artifact was published when its type is registered later': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1, { type: 'Movie' }));
    const Movie = anyType('films.Movie');
    equal(await store.listByType(Movie), []);
    equal(await store.getByType(Movie), []);
    equal((await store.get(idOf(1)))?.type, 'Movie');
  },
  'takes a name that nobody knows as it is': async (bench) => {
    const store = await bench.open();
    const published = await store.publishMany([note({ type: 'films.Movie' }), note({ type: 'Movie' })]);
    equal(
      published.map(({ type }) => type),
      ['films.Movie', 'Movie'],
    );
    equal((await store.listByType('Movie')).length, 1);
  },
  'matches nothing with a name that nobody knows': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1));
    equal(await store.listByType('Nothing'), []);
    equal(await store.queryArtifacts({ typeNames: 'Nothing' }), { items: [], total: 0, nextCursor: null });
  },
  'resolves names in every filter as at publish': async (bench) => {
    const store = await bench.open({ types: [anyType('films.Movie')] });
    await store.publishMany([entry(1, { type: 'Movie' }), entry(2)]);
    await store.recordConsumptions([consumption(1), consumption(2)]);
    const filter = { typeNames: ['Movie'] };
    equal(numbers(await store.listByType('Movie')), [1]);
    equal(numbers((await store.queryArtifacts(filter)).items), [1]);
    equal((await store.fetchGraphArtifacts(filter)).total, 1);
    equal((await store.summarizeArtifacts(filter)).total, 1);
    equal((await store.agentHistorySummary('scribe', filter)).produced.total, 1);
    equal((await store.agentHistorySummary('reader', filter)).consumed.total, 1);
  },
  'counts under canonical names': async (bench) => {
    const store = await bench.open({ types: [anyType('films.Movie')] });
    await store.publishMany([entry(1, { type: 'Movie' }), entry(2, { type: 'films.Movie' })]);
    await store.recordConsumptions([consumption(1)]);
    equal((await store.summarizeArtifacts()).byType, { 'films.Movie': 2 });
    equal((await store.agentHistorySummary('scribe')).produced.byType, { 'films.Movie': 2 });
    equal((await store.agentHistorySummary('reader')).consumed.byType, { 'films.Movie': 1 });
  },
  'takes types and names side by side in a filter': async (bench) => {
    const Movie = anyType('films.Movie');
    const store = await bench.open();
    await store.publishMany([
      entry(1, { type: 'films.Movie' }),
      entry(2),
      entry(3, { type: 'Other' }),
      entry(4, { type: 'films.Movie' }),
    ]);
    equal(numbers((await store.queryArtifacts({ typeNames: [Movie, 'Note'] })).items), [1, 2, 4]);
    equal(numbers((await store.queryArtifacts({ typeNames: Movie })).items), [1, 4]);
  },
  'counts an artifact once when two names in a filter mean its type': async (bench) => {
    const store = await bench.open({ types: [anyType('films.Movie')] });
    await store.publish(entry(1, { type: 'Movie' }));
    const { total, items } = await store.queryArtifacts({ typeNames: ['Movie', 'films.Movie'] });
    equal([total, numbers(items)], [1, [1]]);
  },
});

const ambiguity = casesOf(3, {
  'refuses to publish a simple name of two types, naming both, and writes nothing': async (bench) => {
    const store = await bench.open({ types: [anyType('films.Movie'), anyType('books.Movie')] });
    await rejects(
      store.publish(note({ type: 'Movie' })),
      'ambiguous-type',
      '"Movie"',
      '"films.Movie"',
      '"books.Movie"',
    );
    equal(await store.list(), []);
  },
  'refuses to read by a simple name of two types, naming both': async (bench) => {
    const store = await bench.open({ types: [anyType('films.Movie'), anyType('books.Movie')] });
    const words = ['"Movie"', '"films.Movie"', '"books.Movie"'];
    const filter = { typeNames: ['Note', 'Movie'] };
    await rejects(store.listByType('Movie'), 'ambiguous-type', ...words);
    await rejects(store.queryArtifacts(filter), 'ambiguous-type', ...words);
    await rejects(store.fetchGraphArtifacts(filter), 'ambiguous-type', ...words);
    await rejects(store.summarizeArtifacts(filter), 'ambiguous-type', ...words);
    await rejects(store.agentHistorySummary('scribe', filter), 'ambiguous-type', ...words);
  },
  'takes canonical names of types with the same simple name': async (bench) => {
    const store = await bench.open({ types: [anyType('films.Movie'), anyType('books.Movie')] });
    await store.publishMany([entry(1, { type: 'films.Movie' }), entry(2, { type: 'books.Movie' })]);
    equal(numbers(await store.listByType('books.Movie')), [2]);
  },
  'lets a name that is on the board settle which of two types is meant': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1, { type: 'Movie' }));
    await store.listByType(anyType('films.Movie'));
    await store.listByType(anyType('books.Movie'));
    equal((await store.publish(entry(2, { type: 'Movie' }))).type, 'Movie');
  },
});

const registering = casesOf(3, {
  'registers a type that is passed to any call': async (bench) => {
    const inDraft = await bench.open();
    await inDraft.publish({ type: anyType('a.T'), payload: {}, producedBy: 'scribe' });
    const inList = await bench.open();
    await inList.listByType(anyType('a.T'));
    const inRead = await bench.open();
    await inRead.getByType(anyType('a.T'));
    const inFilter = await bench.open();
    await inFilter.queryArtifacts({ typeNames: [anyType('a.T')] });
    for (const store of [inDraft, inList, inRead, inFilter]) {
      equal((await store.publish(note({ type: 'T' }))).type, 'a.T');
    }
  },
  'takes a type with the same name and schema again': async (bench) => {
    const Movie = movieType('films.Movie');
    const store = await bench.open({ types: [Movie] });
    await store.publish({ type: Movie, payload: { title: 'M' }, producedBy: 'critic' });
    equal((await store.listByType(Movie)).length, 1);
  },
  'refuses a second schema under a name, in every call': async (bench) => {
    const store = await bench.open({ types: [anyType('films.Movie')] });
    const other = anyType('films.Movie');
    await rejects(store.publish({ type: other, payload: {}, producedBy: 'critic' }), 'conflict', '"films.Movie"');
    await rejects(store.listByType(other), 'conflict', '"films.Movie"');
    await rejects(store.getByType(other), 'conflict', '"films.Movie"');
    await rejects(store.queryArtifacts({ typeNames: other }), 'conflict', '"films.Movie"');
    equal(await store.list(), []);
  },
  'keeps the types of one store apart from those of another': async (bench) => {
    await bench.open({ types: [anyType('films.Movie')] });
    const other = await bench.open();
    equal((await other.publish(note({ type: 'Movie' }))).type, 'Movie');
  },
  'resolves a name as the calls before it leave the board, waiting ones included': async (bench) => {
    const gate = createGate();
    const store = await bench.open();
    const calls = [
      store.publish({ type: gatedType('Slow', gate), payload: { title: 'M' }, producedBy: 'critic' }),
      store.publish(note({ type: 'Movie' })),
      store.publish({ type: anyType('films.Movie'), payload: {}, producedBy: 'critic' }),
      store.publish(note({ type: 'Movie' })),
    ];
    gate.open();
    equal(
      (await Promise.all(calls)).map(({ type }) => type),
      ['Slow', 'Movie', 'films.Movie', 'Movie'],
    );
  },
  'resolves a name without the types that only later calls register': async (bench) => {
    const gate = createGate();
    const store = await bench.open();
    const slow = store.publish({ type: gatedType('Slow', gate), payload: { title: 'M' }, producedBy: 'critic' });
    const plain = store.publish(note({ type: 'Movie' }));
    const listed = store.listByType('Movie');
    const later = store.listByType(anyType('films.Movie'));
    gate.open();
    await slow;
    equal([(await plain).type, (await listed).length, (await later).length], ['Movie', 1, 0]);
  },
});

export const nameCases: readonly ContractCase[] = [...resolving, ...ambiguity, ...registering];
