import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '../../src/core/errors.ts';
import { checkAgentSnapshot, resolveAgentSnapshot, resolveClearing } from '../../src/core/write.ts';
import { boardWith, thrownBy } from './samples.ts';
import { DATE, TEXT } from './write-samples.ts';

describe('an agent snapshot', () => {
  const snapshot = {
    agentName: 'scout',
    description: '',
    subscriptions: ['b', 'a', 'b'],
    outputTypes: [],
    labels: ['l'],
    firstSeen: new Date(1),
    lastSeen: new Date(2),
    signature: 's',
  };

  it('is copied and frozen, its lists in their order', () => {
    const checked = checkAgentSnapshot(snapshot, 'keep');
    expect(checked).toEqual({ ...snapshot, firstSeen: 1, lastSeen: 2 });
    expect([checked.subscriptions, checked.outputTypes, checked.labels].every(Object.isFrozen)).toBe(true);
    expect([snapshot.subscriptions, snapshot.outputTypes, snapshot.labels].some(Object.isFrozen)).toBe(false);
  });

  it('takes the next number', () => {
    const stored = checkAgentSnapshot(snapshot, 'keep');
    expect(resolveAgentSnapshot(stored, boardWith({ sequence: 3 }))).toEqual({
      facts: [{ kind: 'agent', snapshot: stored, sequence: 4 }],
      result: undefined,
    });
  });

  it.each(Object.entries(snapshot))('is refused without %s', (field, held) => {
    const rest = Object.fromEntries(Object.entries(snapshot).filter(([name]) => name !== field));
    const error = thrownBy(() => checkAgentSnapshot(rest, 'keep agent snapshot'));
    expect(error).toBeInstanceOf(InvalidArgumentError);
    const problem = held instanceof Date ? DATE : Array.isArray(held) ? 'must be an array' : TEXT;
    expect(error).toHaveProperty('message', `Cannot keep agent snapshot: "${field}" ${problem}, got undefined`);
  });

  it.each<[string, unknown, string]>([
    ['null', null, 'the snapshot must be an object, got null'],
    ['a field that does not exist', { ...snapshot, kind: 'x' }, 'unknown field "kind" in the snapshot'],
    ['a name that is none', { ...snapshot, agentName: 1 }, `"agentName" ${TEXT}, got 1`],
    ['a description that is none', { ...snapshot, description: null }, `"description" ${TEXT}, got null`],
    [
      'subscriptions that are a string',
      { ...snapshot, subscriptions: 'a' },
      '"subscriptions" must be an array, got "a"',
    ],
    [
      'output types that are a set',
      { ...snapshot, outputTypes: new Set() },
      '"outputTypes" must be an array, got [object Set]',
    ],
    ['a label that is none', { ...snapshot, labels: ['a', 2] }, `"labels[1]" ${TEXT}, got 2`],
    ['a lone surrogate', { ...snapshot, labels: ['\ud800'] }, `"labels[0]" ${TEXT}, got "\\ud800"`],
    ['an instant that is none', { ...snapshot, firstSeen: 1 }, `"firstSeen" ${DATE}, got 1`],
    ['another that is none', { ...snapshot, lastSeen: null }, `"lastSeen" ${DATE}, got null`],
    ['a signature that is none', { ...snapshot, signature: 1 }, `"signature" ${TEXT}, got 1`],
  ])('is refused for %s', (_, given, problem) => {
    const error = thrownBy(() => checkAgentSnapshot(given, 'keep'));
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(error).toHaveProperty('message', `Cannot keep: ${problem}`);
  });
});

describe('clearing', () => {
  it('is one fact where there are agents, and nothing where there are none', () => {
    expect(resolveClearing(boardWith({ hasAgents: () => true }))).toEqual({
      facts: [{ kind: 'agents-cleared' }],
      result: undefined,
    });
    expect(resolveClearing(boardWith())).toEqual({ facts: [], result: undefined });
  });
});
