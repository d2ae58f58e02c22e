import { describe, expect, it } from 'vitest';
import { compareWithList, scoreOf, survivorsOf } from './mutation-verdict.mjs';

const source = 'const a = 1;\nif (a > 0) {\n  b();\n}\n';

function mutant(status: string) {
  const location = { start: { line: 2, column: 5 }, end: { line: 2, column: 10 } };
  return { mutatorName: 'EqualityOperator', replacement: 'a >= 0', status, location };
}

function reportOf(files: Record<string, string[]>) {
  return {
    files: Object.fromEntries(
      Object.entries(files).map(([path, statuses]) => [path, { source, mutants: statuses.map(mutant) }]),
    ),
  };
}

const survivor = {
  file: 'src/sql/a.ts',
  line: 'if (a > 0) {',
  mutator: 'EqualityOperator',
  original: 'a > 0',
  replacement: 'a >= 0',
};

describe('the mutation score', () => {
  const folders = ['src/core', 'src/memory'];

  it('counts timeouts as detected, uncovered mutants as survivors, and those that cannot run as neither', () => {
    const report = reportOf({
      'src/core/a.ts': ['Killed', 'Timeout', 'NoCoverage', 'CompileError', 'RuntimeError', 'Ignored'],
      'src/memory/a.ts': ['Killed'],
      'src/sql/a.ts': ['Survived'],
    });
    expect(scoreOf(report, folders)).toEqual({ detected: 3, total: 4, score: 75 });
  });

  it('is nought where there is nothing to mutate', () => {
    expect(scoreOf(reportOf({ 'src/sql/a.ts': ['Killed'] }), folders).score).toBe(0);
  });
});

describe('the list of survivors', () => {
  it('knows a survivor by its text', () => {
    const [found] = survivorsOf(reportOf({ 'src/sql/a.ts': ['Killed', 'Survived'] }));
    expect(found).toEqual({ ...survivor, lineNumber: 2 });
  });

  it('knows a survivor that spans several lines by their text on one', () => {
    const location = { start: { line: 2, column: 12 }, end: { line: 4, column: 2 } };
    const block = { mutatorName: 'BlockStatement', replacement: '{}', status: 'NoCoverage', location };
    const [found] = survivorsOf({ files: { 'src/sql/a.ts': { source, mutants: [block] } } });
    expect(found?.original).toBe('{ b(); }');
  });

  it('explains what it names', () => {
    const entry = { ...survivor, reason: 'a is never 0' };
    expect(compareWithList([survivor], [entry])).toEqual({ unexplained: [], stale: [] });
  });

  it('explains nothing without a reason', () => {
    const entry = { ...survivor, reason: ' ' };
    expect(compareWithList([survivor], [entry])).toEqual({ unexplained: [survivor], stale: [entry] });
  });

  it('explains one of two equal survivors with one entry', () => {
    const entry = { ...survivor, reason: 'a is never 0' };
    expect(compareWithList([survivor, survivor], [entry]).unexplained).toEqual([survivor]);
  });

  it('names entries that explain no survivor', () => {
    const entry = { ...survivor, line: 'if (a > 1) {', reason: 'a is never 0' };
    expect(compareWithList([survivor], [entry])).toEqual({ unexplained: [survivor], stale: [entry] });
  });
});
