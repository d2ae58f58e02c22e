import { describe, expect, it } from 'vitest';
import { HOSTILE_TEXTS } from '../../src/contract/samples.ts';
import type { Fact } from '../../src/core/fact.ts';
import { decodeRecord, encodeFacts, encodeRecord, type RecordNotes } from '../../src/sqlite/log-record.ts';
import { decodeOrphan, encodeOrphan } from '../../src/sqlite/orphan.ts';
import { codeOf, flip, thrownBy } from '../persistence/damage.ts';
import { artifactOf, idOf } from './new-board.ts';

const consumption = { artifactId: idOf(1), consumer: 'critic', runId: null, correlationId: 'c', consumedAt: 5 };
const snapshot = {
  agentName: 'scout',
  description: '',
  subscriptions: ['a'],
  outputTypes: [],
  labels: ['x', 'y'],
  firstSeen: -1,
  lastSeen: 2,
  signature: '',
};
const ofEveryKind: readonly Fact[] = [
  { kind: 'artifact', artifact: artifactOf(1, { tags: ['a', 'b'], visibility: { kind: 'Private', agents: ['z'] } }) },
  { kind: 'consumption', consumption, sequence: 2 },
  { kind: 'agent', snapshot, sequence: 3 },
  { kind: 'agents-cleared' },
  { kind: 'deletion', before: 1.5e12, sequence: 4 },
];

const encode = (facts: readonly Fact[], notes: RecordNotes = {}) =>
  encodeRecord(
    facts.map((fact) => encodeFacts([fact])),
    notes,
  );
const bytesOf = (text: string) => new TextEncoder().encode(text);

describe('a record', () => {
  it('gives back facts of every kind, in their order', () => {
    expect(decodeRecord(encode(ofEveryKind), 'it')).toEqual({ facts: ofEveryKind, notes: {} });
    expect(decodeRecord(encodeRecord([encodeFacts(ofEveryKind)], {}), 'it')).toEqual({ facts: ofEveryKind, notes: {} });
  });

  it('gives back its notes, without facts as well', () => {
    const notes = { epoch: idOf(7), receipts: [{ writer: HOSTILE_TEXTS.join(''), call: Number.MAX_SAFE_INTEGER }] };
    expect(decodeRecord(encode([], notes), 'it')).toEqual({ facts: [], notes });
    expect(decodeRecord(encode(ofEveryKind, notes), 'it').notes).toEqual(notes);
  });

  it.each([...HOSTILE_TEXTS, '\ufeffBOM', '],"notes":{}}', '\u2028\u2029', 'x'.repeat(1 << 20)].map((text) => [text]))(
    'gives back every text as it was: %j',
    (text) => {
      const artifact = artifactOf(1, { producedBy: text, type: text, tags: [text], payload: { [text]: text } });
      expect(decodeRecord(encode([{ kind: 'artifact', artifact }]), 'it').facts).toEqual([
        { kind: 'artifact', artifact },
      ]);
    },
  );

  it('has "__proto__" as a name like any other', () => {
    const payload = JSON.parse('{"__proto__":{"polluted":true},"nested":{"__proto__":1}}') as Record<string, never>;
    const [fact] = decodeRecord(encode([{ kind: 'artifact', artifact: artifactOf(1, { payload }) }]), 'it').facts;
    expect(JSON.stringify(fact)).toContain('"payload":{"__proto__":{"polluted":true},"nested":{"__proto__":1}}');
    expect({}).not.toHaveProperty('polluted');
  });

  it.each([
    [
      'newer-format',
      'it has a fact of a kind that this version does not know',
      '{"facts":[{"kind":"agents-cleared"},{"kind":"claim"}],"notes":{}}',
    ],
    ['newer-format', 'it has a fact of a kind that this version does not know', '{"facts":[{}],"notes":{}}'],
    ['corrupt', 'it is not JSON', '{"facts":[]'],
    ['corrupt', 'it is not JSON', ''],
    ['corrupt', 'it has no facts', '{}'],
    ['corrupt', 'it has no facts', '{"facts":{},"notes":{}}'],
    ['corrupt', 'it has no facts', '{"facts":[]}'],
    ['corrupt', 'it has no facts', '[]'],
    ['corrupt', 'it has no facts', 'null'],
    ['corrupt', 'it has no facts', '7'],
    ['corrupt', 'it has no facts', '{"facts":[null],"notes":{}}'],
    ['corrupt', 'it has no facts', '{"facts":[],"notes":null}'],
  ])('is refused as %s, because %s: %s', (code, problem, text) => {
    expect(thrownBy(() => decodeRecord(bytesOf(text), 'record 7 of the log'))).toMatchObject({
      code,
      message: `Cannot read record 7 of the log: ${problem}`,
    });
  });

  it('is refused when it is not UTF-8', () => {
    expect(codeOf(() => decodeRecord(new Uint8Array([0x22, 0xff, 0x22]), 'it'))).toBe('corrupt');
  });
});

describe('what a page leaves', () => {
  const calls = [
    { call: 3, intent: { kind: 'artifact' as const, drafts: [artifactOf(1, { payload: { texts: HOSTILE_TEXTS } })] } },
    { call: 4, intent: { kind: 'deletion' as const, before: 5 } },
  ];

  it('is read as it was left', () => {
    expect(decodeOrphan(encodeOrphan({ writer: 'w', calls }), '1')).toEqual({ writer: 'w', calls });
  });

  it('is refused when any one bit of it is another', () => {
    const bytes = encodeOrphan({ writer: 'w', calls });
    const codes = Array.from({ length: bytes.length * 8 }, (_, bit) =>
      codeOf(() => decodeOrphan(flip(bytes, bit), '1')),
    );
    expect(new Set(codes)).toEqual(new Set(['corrupt']));
  });
});
