import type { StandardSchemaV1 } from '@standard-schema/spec';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { defineType, TypeRegistry, type ArtifactType } from '../../src/core/artifact-type.ts';
import type { BoardView } from '../../src/core/board.ts';
import { AmbiguousTypeError, InvalidArgumentError, InvalidPayloadError } from '../../src/core/errors.ts';
import { prepareChecked, prepareDrafts } from '../../src/core/publishing.ts';
import { Stamps } from '../../src/core/stamps.ts';
import { boardWith, idOf, schemaOf, thrownBy } from './samples.ts';

const Movie = defineType('films.Movie', z.object({ title: z.string() }));
const Slow = defineType(
  'films.Slow',
  z.object({ title: z.string().refine((text) => Promise.resolve(text !== 'bad')) }),
);

function prepare(drafts: readonly unknown[], board: BoardView = boardWith(), types: readonly ArtifactType[] = []) {
  const registry = new TypeRegistry();
  for (const type of types) registry.register(type, 'open store');
  let ids = 0;
  const stamps = new Stamps(
    () => new Date(5),
    () => idOf(++ids),
  );
  const prepared = prepareDrafts(drafts, registry, stamps, board);
  return { ...prepared, resolve: () => prepared.resolve(board) };
}

function draftOf(type: unknown, title: unknown = 'Alien') {
  return { type, payload: { title }, producedBy: 'scout' };
}

/** What the drafts come to in their turn, validation over. */
async function publish(...args: Parameters<typeof prepare>) {
  const prepared = prepare(...args);
  await prepared.validation;
  return (await prepared.resolve()).result;
}

/** A schema that takes or refuses when a test says so. */
function heldSchema() {
  const waiting: ((result: StandardSchemaV1.Result<unknown>) => void)[] = [];
  const schema = schemaOf<unknown>(() => new Promise((resolve) => waiting.push(resolve)));
  const settle = (result: StandardSchemaV1.Result<unknown>) => {
    for (const resolve of waiting.splice(0)) resolve(result);
  };
  return { schema, settle };
}

describe('drafts', () => {
  it('that pass at once are ready at once', () => {
    const prepared = prepare([draftOf(Movie), draftOf('anything', 5)], boardWith({ sequence: 2 }));
    expect(prepared.validation).toBeUndefined();
    const resolution = prepared.resolve();
    expect(resolution).not.toBeInstanceOf(Promise);
    expect(resolution).toMatchObject({
      result: [
        { id: idOf(1), type: 'films.Movie', payload: { title: 'Alien' }, sequence: 3 },
        { id: idOf(2), type: 'anything', payload: { title: 5 }, sequence: 4 },
      ],
    });
  });

  it('whose schema takes its time are ready later', async () => {
    const prepared = prepare([draftOf(Movie), draftOf(Slow)]);
    expect(prepared.validation).toBeInstanceOf(Promise);
    await expect(prepared.validation).resolves.toBeUndefined();
    expect(prepared.resolve()).toMatchObject({ result: [{ type: 'films.Movie' }, { type: 'films.Slow' }] });
  });

  it('are stored as given, not as the schema made them', async () => {
    const Trimmed = defineType('Trimmed', z.object({ title: z.string().trim(), year: z.int().default(1979) }));
    await expect(publish([draftOf(Trimmed, ' Alien ')])).resolves.toMatchObject([{ payload: { title: ' Alien ' } }]);
  });

  it('are checked under the type that a plain name means', async () => {
    await expect(publish([draftOf('Movie')], boardWith(), [Movie])).resolves.toMatchObject([{ type: 'films.Movie' }]);
    await expect(publish([draftOf('Movie', 5)], boardWith(), [Movie])).rejects.toThrow(
      'Cannot publish artifact of type "Movie": "title" does not pass the schema of "films.Movie"',
    );
    await expect(publish([draftOf('films.Movie', 5)], boardWith(), [Movie])).rejects.toThrow(InvalidPayloadError);
  });

  it('go by a name that is on the board rather than by a simple name', async () => {
    const board = boardWith({ hasTypeName: (name) => name === 'Movie' });
    await expect(publish([draftOf('Movie', 5)], board, [Movie])).resolves.toMatchObject([{ type: 'Movie' }]);
  });

  it('go by a name that another of them registers', async () => {
    await expect(publish([draftOf('Movie'), draftOf(Movie)])).resolves.toMatchObject([
      { type: 'films.Movie' },
      { type: 'films.Movie' },
    ]);
  });

  it('under an ambiguous name are refused in their turn', async () => {
    const types = [Movie, defineType('tv.Movie', Movie.schema)];
    const prepared = prepare([draftOf('Movie')], boardWith(), types);
    expect(prepared.validation).toBeUndefined();
    const error = thrownBy(() => prepared.resolve());
    expect(error).toBeInstanceOf(AmbiguousTypeError);
    expect(error).toHaveProperty(
      'message',
      'Cannot publish artifact of type "Movie": type name "Movie" is ambiguous, it fits "films.Movie" and "tv.Movie"',
    );
  });
});

describe('a refusal', () => {
  it.each<[string, unknown, string]>([
    ['a name', draftOf('Movie', Number.NaN), 'Cannot publish artifact of type "Movie": NaN at "payload.title"'],
    ['a type', draftOf(Movie, Number.NaN), 'Cannot publish artifact of type "films.Movie": NaN at "payload.title"'],
    ['no type', draftOf(undefined), 'Cannot publish artifact: "type" must be'],
    ['a number', draftOf(5), 'Cannot publish artifact: "type" must be'],
    ['no draft', null, 'Cannot publish artifact: the draft must be an object, got null'],
    ['no draft at all', undefined, 'Cannot publish artifact: the draft must be an object, got undefined'],
  ])('names the type of a draft with %s', (_, draft, message) => {
    expect(() => prepare([draft])).toThrow(message);
  });

  it('names the draft among several', () => {
    expect(() => prepare([draftOf('Movie'), draftOf('Movie', -0)])).toThrow(
      'Cannot publish artifact of type "Movie" (draft 2 of 2): -0 at "payload.title"',
    );
    expect(() => prepare([null, draftOf(Movie)])).toThrow('Cannot publish artifact (draft 1 of 2): the draft must be');
  });

  it('of a draft that cannot be read keeps the cause', () => {
    const cause = new Error('no');
    const broken = {
      get type() {
        throw cause;
      },
    };
    const error = thrownBy(() => prepare([broken]));
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(error).toMatchObject({ message: 'Cannot publish artifact: reading the draft failed', cause });
  });

  it('of a payload comes in the turn of the call', () => {
    const prepared = prepare([draftOf(Movie, 5)]);
    expect(prepared.validation).toBeUndefined();
    expect(thrownBy(() => prepared.resolve())).toBeInstanceOf(InvalidPayloadError);
  });

  it('of a payload after slow validation comes in the turn of the call', async () => {
    const prepared = prepare([draftOf(Slow, 'bad')]);
    await expect(prepared.validation).resolves.toBeUndefined();
    const error = thrownBy(() => prepared.resolve());
    expect(error).toBeInstanceOf(InvalidPayloadError);
    expect(error).toHaveProperty(
      'message',
      'Cannot publish artifact of type "films.Slow": "title" does not pass the schema of "films.Slow": Invalid input',
    );
  });

  it('is that of the first draft in order, not in time', async () => {
    const first = heldSchema();
    const second = heldSchema();
    const drafts = [draftOf(defineType('A', first.schema)), draftOf(defineType('B', second.schema))];
    const prepared = prepare([...drafts, draftOf(Movie, 5)]);
    second.settle({ issues: [{ message: 'second' }] });
    await Promise.resolve();
    first.settle({ issues: [{ message: 'first' }] });
    await prepared.validation;
    expect(() => prepared.resolve()).toThrow('(draft 1 of 3): the payload does not pass the schema of "A": first');
  });

  it('is that of the slow draft before the quick one, where only these fail', async () => {
    const slow = heldSchema();
    const prepared = prepare([draftOf(Slow), draftOf(defineType('A', slow.schema)), draftOf(Movie, 5)]);
    slow.settle({ value: 1 });
    await prepared.validation;
    expect(() => prepared.resolve()).toThrow('(draft 3 of 3): "title" does not pass the schema of "films.Movie"');
  });
});

describe('a name that comes to mean something else while the call waits', () => {
  const types = [Movie];

  it('is resolved again, and its payload validated as what it means then', async () => {
    const onBoard = new Set(['Movie']);
    const board = boardWith({ hasTypeName: (name) => onBoard.has(name) });
    const good = prepare([draftOf('Movie')], board, types);
    const bad = prepare([draftOf('Movie', 5)], board, types);
    onBoard.clear();
    expect(good.resolve()).toMatchObject({ result: [{ type: 'films.Movie' }] });
    expect(thrownBy(() => bad.resolve())).toBeInstanceOf(InvalidPayloadError);
  });

  it('is no longer refused for what it meant before', () => {
    const onBoard = new Set<string>();
    const board = boardWith({ hasTypeName: (name) => onBoard.has(name) });
    const prepared = prepare([draftOf('Movie', 5)], board, types);
    onBoard.add('Movie');
    expect(prepared.resolve()).toMatchObject({ result: [{ type: 'Movie', payload: { title: 5 } }] });
  });

  it('is waited for when its new schema takes its time', async () => {
    const onBoard = new Set(['Slow']);
    const board = boardWith({ hasTypeName: (name) => onBoard.has(name) });
    const good = prepare([draftOf('other'), draftOf('Slow')], board, [Slow]);
    const bad = prepare([draftOf('Slow', 'bad')], board, [Slow]);
    expect([good.validation, bad.validation]).toEqual([undefined, undefined]);
    onBoard.clear();
    await expect(good.resolve()).resolves.toMatchObject({ result: [{ type: 'other' }, { type: 'films.Slow' }] });
    await expect(bad.resolve()).rejects.toBeInstanceOf(InvalidPayloadError);
  });

  it('was ambiguous, and is settled by the board', () => {
    const onBoard = new Set<string>();
    const board = boardWith({ hasTypeName: (name) => onBoard.has(name) });
    const prepared = prepare([draftOf('Movie', 5)], board, [Movie, defineType('tv.Movie', Movie.schema)]);
    onBoard.add('Movie');
    expect(prepared.resolve()).toMatchObject({ result: [{ type: 'Movie' }] });
  });

  it('is not changed by a type that is registered later', () => {
    const registry = new TypeRegistry();
    const board = boardWith();
    const prepared = prepareDrafts([draftOf('Movie', 5)], registry, new Stamps(undefined, undefined), board);
    registry.register(Movie, 'publish');
    expect(prepared.resolve(board)).toMatchObject({ result: [{ type: 'Movie' }] });
    const known = prepareDrafts([draftOf('Movie')], registry, new Stamps(undefined, undefined), board);
    registry.register(defineType('tv.Movie', Movie.schema), 'publish');
    expect(known.resolve(board)).toMatchObject({ result: [{ type: 'films.Movie' }] });
  });
});

describe('drafts that were checked before and are asked for again', () => {
  const [checked] = [prepare([draftOf('Movie', 5)]).intent];

  it('are resolved and validated as the names are now, under the words they are given', () => {
    if (checked.kind !== 'artifact') throw new Error('not drafts');
    const registry = new TypeRegistry();
    const again = () => prepareChecked(checked.drafts, registry, boardWith(), (i) => `repeat call ${String(i)}`);
    expect(again().resolve(boardWith({ sequence: 6 }))).toMatchObject({
      facts: [{ kind: 'artifact', artifact: { id: idOf(1), type: 'Movie', createdAt: 5, sequence: 7 } }],
    });
    expect(again().intent).toEqual(checked);
    registry.register(Movie, 'open store');
    const error = thrownBy(() => again().resolve(boardWith()));
    expect(error).toBeInstanceOf(InvalidPayloadError);
    expect(error).toHaveProperty(
      'message',
      expect.stringMatching(/^Cannot repeat call 0: "title" does not pass the schema of "films.Movie": /),
    );
  });

  it('go by the board that they meet, not by the one at the call', () => {
    if (checked.kind !== 'artifact') throw new Error('not drafts');
    const registry = new TypeRegistry();
    registry.register(Movie, 'open store');
    const prepared = prepareChecked(checked.drafts, registry, boardWith(), () => 'publish');
    const board = boardWith({ hasTypeName: (name) => name === 'Movie' });
    expect(prepared.resolve(board)).toMatchObject({ result: [{ type: 'Movie', payload: { title: 5 } }] });
  });
});
