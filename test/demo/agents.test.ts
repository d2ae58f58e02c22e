import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createMemoryStore, isVisibleTo } from 'boardlite';
import type { BlackboardStore } from 'boardlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Assignment } from './agent.ts';
import { audit } from './auditor.ts';
import { edit } from './editor.ts';
import { FINDINGS, PACKAGES, makeFolder, project, writeFiles } from './made-up-project.ts';
import type { Files } from './made-up-project.ts';
import { scout } from './scout.ts';
import { Finding, Package, Report } from './types.ts';
import type { FindingFacts } from './types.ts';

let runs = 0;

function assignmentOn(board: BlackboardStore, folder: string): Assignment {
  return { board, folder, runId: `run ${String(++runs)}`, signal: new AbortController().signal, onProgress: () => {} };
}

/** A clock that moves with every look at it, as time does between runs. */
function ticking(): () => Date {
  let now = Date.UTC(2025, 0, 1);
  return () => new Date(now++);
}

async function setUp(files: Files) {
  const { path, remove } = await makeFolder();
  onTestFinished(remove);
  await writeFiles(path, files);
  const board = createMemoryStore({ now: ticking() });
  const run = async (folder = path) => {
    const assignment = assignmentOn(board, folder);
    return { scouted: await scout(assignment), audited: await audit(assignment), edited: await edit(assignment) };
  };
  return { path, board, run };
}

const simple = (version: string, license?: string) => ({ name: 'a', version, license });
const manifest = 'node_modules/a/package.json';

describe('a first run', () => {
  it('puts every package, one finding for each rule, and one report on the board', async () => {
    const { board, run } = await setUp(project);
    const { scouted, audited, edited } = await run();
    expect(scouted).toMatchObject({ installed: PACKAGES, unchanged: 0, leftOut: ['node_modules/empty'] });
    expect(audited).toEqual({ audited: PACKAGES, unchanged: 0, opened: FINDINGS, updated: 0, resolved: 0 });
    expect(edited).toEqual({ read: FINDINGS, unchanged: 0, isPublished: true });
    const findings = await board.getByType(Finding);
    expect(findings.map(({ rule, name, message }) => [rule, name, message]).sort()).toEqual([
      ['deprecated', 'old', 'deprecated: use new\nand be happy'],
      ['duplicate versions', 'twin', '2 versions: 1.9.0, 1.10.0'],
      ['install scripts', 'hook', 'runs when installed: postinstall'],
      ['large', 'huge', '6.0 MB in 2 files'],
      ['licence missing', 'bare', 'no licence named'],
      ['licence not permissive', '@scope/copyleft', 'licence GPL-3.0-only: not known permissive'],
      ['types missing', 'untyped', 'no type declarations'],
    ]);
    const [report] = await board.getByType(Report);
    expect(report).toMatchObject({ packages: PACKAGES, open: { high: 1, medium: 3, low: 3 }, resolved: 0 });
  });

  it('gives a package and its findings one correlation id', async () => {
    const { board, run } = await setUp(project);
    await run();
    const { items } = await board.queryArtifacts({ tags: 'high' });
    const related = await board.queryArtifacts({ correlationId: items[0]?.correlationId ?? null });
    expect(related.items.map(({ type, payload }) => [type, payload['name']])).toEqual([
      ['audit.Package', 'bare'],
      ['audit.Finding', 'bare'],
    ]);
  });

  it('shows findings to those who audit, and the report to everyone', async () => {
    const { board, run } = await setUp(project);
    await run();
    const seenBy = async (labels: string[]) => {
      const artifacts = (await board.list()).filter((each) => isVisibleTo(each, { name: 'someone', labels }));
      return new Set(artifacts.map(({ type }) => type));
    };
    expect(await seenBy([])).toEqual(new Set(['audit.Package', 'audit.Report']));
    expect(await seenBy(['audit'])).toEqual(new Set(['audit.Package', 'audit.Finding', 'audit.Report']));
  });

  it('takes a package with types from elsewhere for typed', async () => {
    const { board, run } = await setUp({
      [manifest]: { ...simple('1.0.0', 'MIT'), main: 'a.js' },
      'node_modules/@types/a/package.json': { name: '@types/a', version: '1.0.0', license: 'MIT' },
    });
    await run();
    expect(await board.getByType(Finding)).toEqual([]);
  });
});

describe('the editor', () => {
  it('reads no finding that is not for it', async () => {
    const { path, board } = await setUp({});
    const finding: FindingFacts = {
      rule: 'licence missing',
      severity: 'high',
      path: 'node_modules/b',
      name: 'b',
      version: '1.0.0',
      message: 'between us',
      status: 'open',
    };
    await board.publish({
      type: Finding,
      payload: finding,
      producedBy: 'somebody',
      partitionKey: path,
      visibility: { kind: 'Private', agents: ['somebody'] },
    });
    expect(await edit(assignmentOn(board, path))).toMatchObject({ read: 0, unchanged: 0 });
    expect(await board.getByType(Report)).toMatchObject([{ open: { high: 0 }, top: [] }]);
  });
});

describe('another run', () => {
  it('publishes and consumes nothing where nothing changed', async () => {
    const { board, run } = await setUp(project);
    await run();
    const before = await board.list();
    const { consumptions } = await board.stats();
    const { scouted, audited, edited } = await run();
    expect(scouted).toMatchObject({ unchanged: PACKAGES, added: [], changed: [], removed: [] });
    expect(audited).toEqual({ audited: 0, unchanged: PACKAGES, opened: 0, updated: 0, resolved: 0 });
    expect(edited).toEqual({ read: 0, unchanged: FINDINGS, isPublished: false });
    expect(await board.list()).toEqual(before);
    expect((await board.stats()).consumptions).toBe(consumptions);
  });

  it('keeps since when an agent is known', async () => {
    const { board, run } = await setUp({ [manifest]: simple('1.0.0') });
    await run();
    const before = await board.loadAgentSnapshots();
    await run();
    const after = await board.loadAgentSnapshots();
    expect(after.map(({ agentName }) => agentName)).toEqual(['auditor', 'editor', 'scout']);
    expect(after.map(({ firstSeen }) => firstSeen)).toEqual(before.map(({ firstSeen }) => firstSeen));
  });

  it('resolves the finding of a package that was mended, and opens it again when the package is as before', async () => {
    const { path, board, run } = await setUp({ [manifest]: simple('1.0.0') });
    await run();
    await writeFiles(path, { [manifest]: simple('1.0.1', 'MIT') });
    const mended = await run();
    expect(mended.scouted.changed).toMatchObject([{ before: { version: '1.0.0' }, after: { version: '1.0.1' } }]);
    expect(mended.audited).toMatchObject({ audited: 1, opened: 0, resolved: 1 });
    expect(await board.getByType(Finding)).toMatchObject([{ rule: 'licence missing', status: 'resolved' }]);
    expect(await board.getByType(Report)).toMatchObject([{ open: { high: 0 }, resolved: 1 }]);
    expect((await board.list()).map(({ type, version }) => [type, version])).toEqual([
      ['audit.Package', 2],
      ['audit.Finding', 2],
      ['audit.Report', 2],
    ]);

    await writeFiles(path, { [manifest]: simple('1.0.0') });
    expect((await run()).audited).toMatchObject({ audited: 1, opened: 1, resolved: 0 });
    const { items } = await board.queryArtifacts({ typeNames: Finding });
    expect(items).toMatchObject([{ version: 3, tags: ['high', 'open'], payload: { status: 'open' } }]);
  });

  it('says of a finding that still holds for a new version that it changed', async () => {
    const { path, run } = await setUp({ [manifest]: simple('1.0.0') });
    await run();
    await writeFiles(path, { [manifest]: simple('2.0.0') });
    expect((await run()).audited).toMatchObject({ audited: 1, opened: 0, updated: 1, resolved: 0 });
  });

  it('keeps a removed package as removed, resolves its findings, and takes it for new when it is back', async () => {
    const { path, board, run } = await setUp({ [manifest]: simple('1.0.0') });
    await run();
    await rm(join(path, 'node_modules/a'), { recursive: true });
    const gone = await run();
    expect(gone.scouted).toMatchObject({ installed: 0, removed: [{ name: 'a' }] });
    expect(gone.audited).toMatchObject({ audited: 1, resolved: 1 });
    expect(await board.getByType(Package)).toMatchObject([{ name: 'a', installed: false }]);
    expect((await run()).scouted).toMatchObject({ installed: 0, removed: [] });

    await writeFiles(path, { [manifest]: simple('1.0.0') });
    const back = await run();
    expect(back.scouted).toMatchObject({ added: [{ name: 'a' }], changed: [] });
    expect(back.audited).toMatchObject({ audited: 1, opened: 1 });
  });

  it('judges all packages together again when one of them changed', async () => {
    const { path, board, run } = await setUp(project);
    await run();
    await rm(join(path, 'node_modules/good/node_modules'), { recursive: true });
    expect((await run()).audited).toMatchObject({ audited: 1, resolved: 1 });
    const resolved = await board.queryArtifacts({ tags: ['resolved'] });
    expect(resolved.items).toMatchObject([{ payload: { rule: 'duplicate versions', name: 'twin' } }]);
  });

  it('leaves a finding about several packages as it is when one of them changed in what it does not concern', async () => {
    const { path, run } = await setUp(project);
    await run();
    for (const copy of ['node_modules/twin', 'node_modules/good/node_modules/twin', 'node_modules/twin']) {
      await writeFiles(path, { [`${copy}/${String(runs)}.md`]: 'new' });
      expect((await run()).audited).toMatchObject({ audited: 1, opened: 0, updated: 0, resolved: 0 });
    }
  });

  it('keeps apart what two folders on one board hold', async () => {
    const { board, run } = await setUp({ [manifest]: simple('1.0.0') });
    const other = await setUp({ [manifest]: simple('1.0.0', 'MIT') });
    await run();
    expect(await run(other.path)).toMatchObject({
      scouted: { added: [{ licence: 'MIT' }], removed: [] },
      audited: { audited: 1, opened: 0, resolved: 0 },
    });
    expect(await run()).toMatchObject({ scouted: { unchanged: 1 }, audited: { audited: 0 } });
    expect(await board.getByType(Report)).toHaveLength(2);
  });
});
