import { InvalidPayloadError } from '../core/errors.ts';
import { defineType } from '../core/artifact-type.ts';
import { equal, includes, rejects } from './assert.ts';
import { casesOf, type ContractCase } from './contract-case.ts';
import { checkMovie, laterMovieType, movieType, schemaOf, type MovieInput } from './sample-types.ts';
import { at, entry, idOf, note, numbers } from './samples.ts';
import type { UntypedStore } from './untyped-store.ts';

const publishing = casesOf(4, {
  'stores a payload as given, not as its schema returns it': async (bench) => {
    const Movie = movieType('films.Movie');
    const store = await bench.open();
    const payload = { title: 'Metropolis', extra: [1] };
    const { id } = await store.publish({ type: Movie, payload, producedBy: 'critic' });
    equal((await store.get(id))?.payload, payload);
  },
  'stores nothing when a payload does not pass, and says where': async (bench) => {
    const store: UntypedStore = await bench.open({ types: [movieType('films.Movie')] });
    const error = await rejects(
      store.publish(note({ type: 'films.Movie', payload: { title: '' } })),
      'invalid-payload',
      'publish',
      '"films.Movie"',
      '"title"',
      'must not be empty',
    );
    equal(error instanceof InvalidPayloadError && error.issues, [{ path: 'title', message: 'must not be empty' }]);
    equal(await store.list(), []);
  },
  'gives the path of an issue deep in a payload': async (bench) => {
    const Cast = defineType(
      'films.Cast',
      schemaOf(() => ({ issues: [{ message: 'is unknown', path: ['cast', { key: 2 }, 'name'] }] })),
    );
    const store = await bench.open({ types: [Cast] });
    const error = await rejects(store.publish(note({ type: 'Cast' })), 'invalid-payload', '"cast[2].name"');
    equal(error instanceof InvalidPayloadError && error.issues, [{ path: 'cast[2].name', message: 'is unknown' }]);
  },
  'hands on every issue that a schema found': async (bench) => {
    const issues = [{ message: 'is one', path: ['a'] }, { message: 'is two', path: [] }, { message: 'is three' }];
    const store = await bench.open({
      types: [
        defineType(
          'T',
          schemaOf(() => ({ issues })),
        ),
      ],
    });
    const error = await rejects(store.publish(note({ type: 'T' })), 'invalid-payload', 'is one');
    equal(error instanceof InvalidPayloadError && error.issues, [
      { path: 'a', message: 'is one' },
      { path: '', message: 'is two' },
      { path: '', message: 'is three' },
    ]);
  },
  'validates what is published under a registered name': async (bench) => {
    const store = await bench.open({ types: [movieType('films.Movie')] });
    await rejects(store.publish(note({ type: 'films.Movie', payload: {} })), 'invalid-payload', '"title"');
    await rejects(store.publish(note({ type: 'Movie', payload: {} })), 'invalid-payload', '"title"');
    await store.publish(note({ type: 'Movie', payload: { title: 'M' } }));
    equal((await store.list()).length, 1);
  },
  'validates by a schema that answers later': async (bench) => {
    const Movie = laterMovieType('films.Movie');
    const store = await bench.open();
    await rejects(
      store.publish({ type: Movie, payload: { title: '' }, producedBy: 'critic' }),
      'invalid-payload',
      '"title"',
    );
    await store.publish({ type: Movie, payload: { title: 'M' }, producedBy: 'critic' });
    equal(await store.getByType(Movie), [{ title: 'M', year: 1895 }]);
  },
  'publishes none of many drafts when one payload does not pass': async (bench) => {
    const store = await bench.open({ types: [laterMovieType('films.Movie'), movieType('films.Short')] });
    for (const type of ['films.Movie', 'films.Short']) {
      const drafts = [note(), note({ type, payload: { title: '' } }), note({ type, payload: { title: 'M' } })];
      await rejects(store.publishMany(drafts), 'invalid-payload', '"title"');
    }
    equal(await store.list(), []);
  },
  'refuses a payload whose schema throws or rejects, with that as the cause': async (bench) => {
    const cause = new RangeError('out of patience');
    const Throws = defineType(
      'T.Throws',
      schemaOf(() => {
        throw cause;
      }),
    );
    const Rejects = defineType(
      'T.Rejects',
      schemaOf(async () => {
        throw cause;
      }),
    );
    const store = await bench.open({ types: [Throws, Rejects] });
    for (const type of ['Throws', 'Rejects']) {
      const error = await rejects(store.publish(note({ type })), 'invalid-payload', 'publish', `"T.${type}"`);
      equal(error.cause === cause, true, 'whether the cause is kept');
    }
  },
  'checks a payload under an unregistered name only to be JSON': async (bench) => {
    const store = await bench.open({ types: [movieType('films.Movie')] });
    await store.publish(entry(1, { type: 'films.Short', payload: { title: '' } }));
    equal((await store.get(idOf(1)))?.payload, { title: '' });
  },
});

const changing = casesOf(4, {
  'keeps the payload as given when a schema changes what it checks': async (bench) => {
    const Changed = defineType(
      'Changed',
      schemaOf<Readonly<Record<string, unknown>>>((value) => {
        if (typeof value === 'object' && value !== null && 'list' in value && Array.isArray(value.list)) {
          value.list.push('by the schema');
          Reflect.set(value, 'added', true);
        }
        return { value: {} };
      }),
    );
    const store = await bench.open();
    const payload = { list: ['as given'] };
    await store.publish({ type: Changed, payload, producedBy: 'scribe' });
    await store.getByType(Changed);
    equal(payload, { list: ['as given'] }, "the caller's payload");
    equal((await store.list())[0]?.payload, { list: ['as given'] });
  },
});

const reading = casesOf(4, {
  'reads typed values as the schema returns them': async (bench) => {
    const Movie = movieType('films.Movie');
    const store = await bench.open();
    await store.publish({ type: Movie, payload: { title: 'A' }, producedBy: 'critic', createdAt: at(0) });
    await store.publish({ type: Movie, payload: { title: 'B', year: 1927 }, producedBy: 'critic', createdAt: at(1) });
    equal(await store.getByType(Movie), [
      { title: 'A', year: 1895 },
      { title: 'B', year: 1927 },
    ]);
  },
  'reads each typed value with its artifact when asked to': async (bench) => {
    const Movie = laterMovieType('films.Movie');
    const store = await bench.open();
    const artifact = await store.publish({ type: Movie, payload: { title: 'A' }, producedBy: 'critic' });
    equal(await store.getByType(Movie, { withArtifact: true }), [{ artifact, value: { title: 'A', year: 1895 } }]);
    equal(await store.getByType(Movie, { withArtifact: false }), [{ title: 'A', year: 1895 }]);
  },
  'reads typed values of one correlation only': async (bench) => {
    const Movie = movieType('films.Movie');
    const store = await bench.open();
    for (const [i, correlationId] of ['a', 'b', '', 'a', null].entries()) {
      const payload = { title: `No ${String(i)}` };
      await store.publish({ type: Movie, payload, producedBy: 'critic', correlationId, createdAt: at(i) });
    }
    const titles = async (correlationId: string | null) =>
      (await store.getByType(Movie, { correlationId })).map(({ title }) => title);
    equal([await titles('a'), await titles(''), await titles('c')], [['No 0', 'No 3'], ['No 2'], []]);
    equal(await titles(null), ['No 4']);
  },
  'reads an empty list of a type without artifacts': async (bench) => {
    const store = await bench.open();
    await store.publish(note());
    equal(await store.getByType(movieType('films.Movie')), []);
  },
  'fails on a row that does not pass the schema any more, naming the artifact': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1, { type: 'films.Movie', payload: { title: 'M' } }));
    await store.publish(entry(2, { type: 'films.Movie', payload: { name: 'old form' } }));
    const Movie = movieType('films.Movie');
    await rejects(store.getByType(Movie), 'invalid-payload', `"${idOf(2)}"`, '"title"');
    await rejects(store.getByType(Movie, { invalid: 'throw' }), 'invalid-payload', `"${idOf(2)}"`);
  },
  'skips rows that do not pass the schema where the caller asked for that': async (bench) => {
    const store = await bench.open();
    await store.publishMany([
      entry(1, { type: 'films.Movie', payload: {} }),
      entry(2, { type: 'films.Movie', payload: { title: 'M' } }),
      entry(3, { type: 'films.Movie', payload: { title: '' } }),
    ]);
    const found = await store.getByType(laterMovieType('films.Movie'), { invalid: 'skip', withArtifact: true });
    equal(numbers(found.map(({ artifact }) => artifact)), [2]);
  },
  'lists rows that do not pass the schema any more as they are': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1, { type: 'films.Movie', payload: { name: 'old form' } }));
    const rows = await store.listByType(movieType('films.Movie'));
    equal(
      rows.map(({ payload }) => payload),
      [{ name: 'old form' }],
    );
  },
  'keeps the cause when a schema fails while reading': async (bench) => {
    const cause = new Error('broken');
    let isBroken = false;
    const Movie = defineType(
      'films.Movie',
      schemaOf<MovieInput>((value) => {
        if (isBroken) throw cause;
        return checkMovie(value);
      }),
    );
    const store = await bench.open();
    await store.publish({ type: Movie, payload: { title: 'M' }, producedBy: 'critic', id: idOf(1) });
    isBroken = true;
    const error = await rejects(store.getByType(Movie), 'invalid-payload');
    includes(error.message, idOf(1));
    equal(error.cause === cause, true, 'whether the cause is kept');
    equal(await store.getByType(Movie, { invalid: 'skip' }), []);
  },
});

export const schemaCases: readonly ContractCase[] = [...publishing, ...changing, ...reading];
