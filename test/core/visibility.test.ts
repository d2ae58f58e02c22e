import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isVisibleTo,
  kindOf,
  visibilityProblem,
  type AgentIdentity,
  type Visibility,
} from '../../src/core/visibility.ts';
import { wellFormedText } from './arbitraries.ts';

const HOUR = 3_600_000;
const created = new Date('2025-01-01T12:00:00Z');

/** Whether the agent sees it, so many milliseconds after its creation. */
function sees(visibility: unknown, agent: AgentIdentity, age = 0): boolean {
  // Stored rows hold what publish would refuse, whatever the type says.
  const artifact = { visibility: visibility as Visibility, createdAt: created };
  return isVisibleTo(artifact, agent, new Date(created.getTime() + age));
}

const ada: AgentIdentity = { name: 'ada' };

describe('kindOf', () => {
  it.each([{ kind: 'Tenant' }, { kind: 'Whatever a file holds' }])('is what %j says', (visibility) => {
    expect(kindOf(visibility)).toBe(visibility.kind);
  });

  it.each([{}, { kind: 7 }, { kind: null }, null, undefined, 'Public', []])('is Unknown for %j', (visibility) => {
    expect(kindOf(visibility)).toBe('Unknown');
  });
});

describe('isVisibleTo', () => {
  it.each<[string, Visibility, AgentIdentity, boolean]>([
    ['Public to anybody', { kind: 'Public' }, ada, true],
    ['Private to a named agent', { kind: 'Private', agents: ['ada'] }, ada, true],
    ['Private to one of several', { kind: 'Private', agents: ['bob', 'ada'] }, ada, true],
    ['Private not to others', { kind: 'Private', agents: ['bob'] }, ada, false],
    ['Private by the exact name', { kind: 'Private', agents: ['Ada', 'adam', 'a'] }, ada, false],
    [
      'Labelled to whoever has the label',
      { kind: 'Labelled', requiredLabels: ['x'] },
      { name: 'a', labels: ['x'] },
      true,
    ],
    ['Labelled not without labels', { kind: 'Labelled', requiredLabels: ['x'] }, ada, false],
    [
      'Labelled not with other labels',
      { kind: 'Labelled', requiredLabels: ['x'] },
      { name: 'a', labels: ['y'] },
      false,
    ],
    [
      'Labelled not with some of the labels',
      { kind: 'Labelled', requiredLabels: ['x', 'y'] },
      { name: 'a', labels: ['x'] },
      false,
    ],
    [
      'Labelled to whoever has more labels',
      { kind: 'Labelled', requiredLabels: ['x', 'y'] },
      { name: 'a', labels: ['z', 'y', 'x'] },
      true,
    ],
    [
      'Labelled by labels in any iterable',
      { kind: 'Labelled', requiredLabels: ['x', 'y'] },
      { name: 'a', labels: new Set(['x', 'y']) },
      true,
    ],
    [
      'Labelled by a string, which is one label',
      { kind: 'Labelled', requiredLabels: ['xy'] },
      { name: 'a', labels: 'xy' },
      true,
    ],
    [
      'Labelled not by the letters of a string',
      { kind: 'Labelled', requiredLabels: ['x'] },
      { name: 'a', labels: 'xy' },
      false,
    ],
    ['Tenant to the same tenant', { kind: 'Tenant', tenantId: 't' }, { name: 'a', tenantId: 't' }, true],
    ['Tenant not to another', { kind: 'Tenant', tenantId: 't' }, { name: 'a', tenantId: 'u' }, false],
    ['Tenant not to nobody’s', { kind: 'Tenant', tenantId: 't' }, { name: 'a', tenantId: null }, false],
    ['Tenant not without one', { kind: 'Tenant', tenantId: 't' }, ada, false],
  ])('opens %s', (_, visibility, agent, expected) => {
    expect(sees(visibility, agent)).toBe(expected);
  });

  it('opens After at createdAt + ttl and not a millisecond before', () => {
    const after: Visibility = { kind: 'After', ttl: 'PT1H', then: null };
    expect(sees(after, ada, 0)).toBe(false);
    expect(sees(after, ada, HOUR - 1)).toBe(false);
    expect(sees(after, ada, HOUR)).toBe(true);
    expect(sees(after, ada, 100 * HOUR)).toBe(true);
  });

  it('opens After to whom its policy admits, and to no one else', () => {
    const after: Visibility = { kind: 'After', ttl: 'PT1H', then: { kind: 'Private', agents: ['ada'] } };
    expect(sees(after, ada, HOUR - 1)).toBe(false);
    expect(sees(after, ada, HOUR)).toBe(true);
    expect(sees(after, { name: 'bob' }, HOUR)).toBe(false);
  });

  it('counts every nested ttl from createdAt', () => {
    const after: Visibility = {
      kind: 'After',
      ttl: 'PT1H',
      then: { kind: 'After', ttl: 'PT2H', then: { kind: 'Labelled', requiredLabels: ['x'] } },
    };
    const agent = { name: 'a', labels: 'x' };
    expect(sees(after, agent, HOUR)).toBe(false);
    expect(sees(after, agent, 2 * HOUR - 1)).toBe(false);
    expect(sees(after, agent, 2 * HOUR)).toBe(true);
    expect(sees(after, ada, 2 * HOUR)).toBe(false);
  });

  it('counts from createdAt with the later of nested durations, whichever it is', () => {
    const after: Visibility = { kind: 'After', ttl: 'P1D', then: { kind: 'After', ttl: 'PT1H', then: null } };
    expect(sees(after, ada, 24 * HOUR - 1)).toBe(false);
    expect(sees(after, ada, 24 * HOUR)).toBe(true);
  });

  it('takes the present unless told', () => {
    const after: Visibility = { kind: 'After', ttl: 'PT1H', then: null };
    expect(isVisibleTo({ visibility: after, createdAt: new Date(Date.now() - 2 * HOUR) }, ada)).toBe(true);
    expect(isVisibleTo({ visibility: after, createdAt: new Date(Date.now() - HOUR / 2) }, ada)).toBe(false);
  });

  it('keeps After closed when there is no telling the time', () => {
    const after: Visibility = { kind: 'After', ttl: 'PT1H', then: null };
    expect(isVisibleTo({ visibility: after, createdAt: created }, ada, new Date(Number.NaN))).toBe(false);
  });
});

/** What publish refuses and the original's files hold: with the field and the problem. */
const malformed: [unknown, string, string][] = [
  [null, '', 'must be an object'],
  [undefined, '', 'must be an object'],
  ['Public', '', 'must be an object'],
  [1, '', 'must be an object'],
  [[], '', 'must be an object'],
  [[{ kind: 'Public' }], '', 'must be an object'],
  [{}, 'kind', 'must be one of Public, Private, Labelled, Tenant, After'],
  [{ kind: null }, 'kind', 'must be one of Public, Private, Labelled, Tenant, After'],
  [{ kind: 'public' }, 'kind', 'must be one of Public, Private, Labelled, Tenant, After'],
  [{ kind: 'Secret' }, 'kind', 'must be one of Public, Private, Labelled, Tenant, After'],
  [{ kind: ['Public'] }, 'kind', 'must be one of Public, Private, Labelled, Tenant, After'],
  [{ kind: 'toString' }, 'kind', 'must be one of Public, Private, Labelled, Tenant, After'],
  [{ kind: '__proto__' }, 'kind', 'must be one of Public, Private, Labelled, Tenant, After'],
  [Object.create({ kind: 'Public' }), 'kind', 'must be one of Public, Private, Labelled, Tenant, After'],
  [{ kind: 'Public', agents: ['ada'] }, 'agents', 'is not a field of Public'],
  [{ kind: 'Private', agents: ['ada'], agentz: [] }, 'agentz', 'is not a field of Private'],
  [{ kind: 'Tenant', tenant_id: 't' }, 'tenant_id', 'is not a field of Tenant'],
  [{ kind: 'After', ttl: 'PT1S', then: null, thne: null }, 'thne', 'is not a field of After'],
  ...[undefined, null, 'ada', [], [1], ['ada', null], new Array(1), ['ada', '\ud800'], new Set(['ada'])].flatMap(
    (value): [unknown, string, string][] => [
      [{ kind: 'Private', agents: value }, 'agents', 'must be a non-empty array of strings without lone surrogates'],
      [
        { kind: 'Labelled', requiredLabels: value },
        'requiredLabels',
        'must be a non-empty array of strings without lone surrogates',
      ],
    ],
  ),
  ...[undefined, null, '', 1, '\udfff'].map((value): [unknown, string, string] => [
    { kind: 'Tenant', tenantId: value },
    'tenantId',
    'must be a non-empty string without lone surrogates',
  ]),
  ...[undefined, null, '', 'PT0S', '-PT1S', '1 hour', 3600, ['PT1H']].map((value): [unknown, string, string] => [
    { kind: 'After', ttl: value, then: null },
    'ttl',
    'must be a positive ISO 8601 duration such as "PT1H"',
  ]),
  ...[undefined, 'Public', 0, true].map((value): [unknown, string, string] => [
    { kind: 'After', ttl: 'PT1H', then: value },
    'then',
    'must be a visibility or null',
  ]),
];

describe('a malformed visibility', () => {
  const agents: AgentIdentity[] = [
    ada,
    { name: 'Public', labels: [], tenantId: '' },
    { name: 'a', labels: ['ada'], tenantId: 't' },
  ];

  it.each(malformed)('%j is visible to nobody, at any time', (visibility) => {
    for (const agent of agents) {
      expect(sees(visibility, agent)).toBe(false);
      expect(sees(visibility, agent, 1e12)).toBe(false);
    }
  });

  it.each(malformed)('%j as the policy of an After is visible to nobody', (visibility) => {
    const after = { kind: 'After', ttl: 'PT1H', then: visibility };
    // No policy at all means that it opens to all, so null is no malformed policy.
    for (const agent of agents) expect(sees(after, agent, 2 * HOUR)).toBe(visibility === null);
  });

  it.each(malformed)('%j is refused by name', (visibility, field, problem) => {
    const isInField = typeof visibility === 'object' && visibility !== null && field !== '';
    const got: unknown = isInField ? new Map<string, unknown>(Object.entries(visibility)).get(field) : visibility;
    expect(visibilityProblem(visibility)).toEqual({ field, problem, got });
  });
});

describe('a sound visibility', () => {
  const texts = fc.array(wellFormedText, { minLength: 1, maxLength: 3 });
  const sound = fc.letrec<{ visibility: Visibility }>((tie) => ({
    visibility: fc.oneof(
      { maxDepth: 3 },
      fc.constant<Visibility>({ kind: 'Public' }),
      fc.record({ kind: fc.constant('Private' as const), agents: texts }),
      fc.record({ kind: fc.constant('Labelled' as const), requiredLabels: texts }),
      fc.record({ kind: fc.constant('Tenant' as const), tenantId: fc.string({ minLength: 1 }) }),
      fc.record({
        kind: fc.constant('After' as const),
        ttl: fc.integer({ min: 1, max: 100 }).map((hours) => `PT${String(hours)}H`),
        then: fc.option(tie('visibility')),
      }),
    ),
  })).visibility;

  it('has no problem', () => {
    fc.assert(
      fc.property(sound, (visibility) => {
        expect(visibilityProblem(visibility)).toBeNull();
      }),
    );
  });

  it('opens to whom its innermost policy names once every ttl is over', () => {
    fc.assert(
      fc.property(sound, (visibility) => {
        let inner: Visibility | null = visibility;
        while (inner?.kind === 'After') inner = inner.then;
        const agent: AgentIdentity = {
          name: inner?.kind === 'Private' ? (inner.agents[0] ?? '') : 'ada',
          labels: inner?.kind === 'Labelled' ? inner.requiredLabels : [],
          tenantId: inner?.kind === 'Tenant' ? inner.tenantId : null,
        };
        expect(sees(visibility, agent, 100 * HOUR)).toBe(true);
      }),
    );
  });
});
