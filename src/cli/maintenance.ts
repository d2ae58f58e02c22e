import type { SqliteStoreOptions } from '../sqlite.ts';
import { openSqliteStore } from '../sqlite.ts';
import { fileMedium } from '../file.ts';
import { checkExists, exists, reading, writing } from './board.ts';
import { addCommand, type AddCommands } from './command.ts';
import type { Session } from './session.ts';
import { count } from './text.ts';
import { instant } from './values.ts';

export const addMaintenanceCommands: AddCommands = (program, session) => {
  addCommand(program, {
    usage: 'init-sqlite-store <board>',
    summary: 'create a board',
    description: 'Create a board with its folders, tables and indexes; one that is there is left as it is.',
    examples: [['init-sqlite-store .flock/blackboard.db', 'an empty board']],
  }).action(async (path: string) => {
    if (await exists(path)) await reading(session, path, async () => undefined);
    else await writing(session, path, (store) => store.flush());
    await session.print(session.paint('good', `Initialised SQLite blackboard at ${path}`));
  });

  addCommand(program, {
    usage: 'sqlite-maintenance <board>',
    summary: 'delete old artifacts, give back space',
    description: 'Delete old artifacts, and give back the space of what was deleted.',
    examples: [
      ['sqlite-maintenance board.db --delete-before 2025-10-01', 'what is older than that midnight, UTC'],
      ['sqlite-maintenance board.db --delete-before 2025-10-01T12:00:00+02:00 --vacuum', 'and make the file smaller'],
    ],
  })
    .option('--delete-before <time>', 'delete artifacts created before this ISO timestamp; UTC unless it says', instant)
    .option('--vacuum', 'run VACUUM afterwards')
    .action(async (path: string, options: { deleteBefore?: Date; vacuum?: true }) => {
      await maintain(session, path, options);
    });

  addCommand(program, {
    usage: 'migrate <board>',
    summary: 'bring a board of the original into our form',
    description: 'Bring a board of the original into our form. Opening it to write does the same.',
    examples: [
      ['migrate board.db --dry-run', 'say what would change'],
      ['migrate board.db', 'in one transaction; all that is there is kept'],
    ],
  })
    .option('--dry-run', 'change nothing, and say what would be changed')
    .action(async (path: string, { dryRun = false }: { dryRun?: boolean }) => {
      await migrate(session, path, dryRun);
    });
};

async function maintain(
  session: Session,
  path: string,
  { deleteBefore, vacuum }: { deleteBefore?: Date; vacuum?: true },
): Promise<void> {
  await checkExists(path);
  const { signal } = session;
  // All is done before any of it is told: nobody may want to read it.
  const deleted = await writing(session, path, async (store) => {
    const gone = deleteBefore && (await store.deleteBefore(deleteBefore, { signal }));
    if (vacuum !== true) return gone;
    await store.vacuum({ signal }).catch((error: unknown) => {
      if (gone !== undefined) session.note(`deleted ${count(gone, 'artifact')}, and then failed`);
      throw error;
    });
    return gone;
  });
  const told = deleted === undefined ? 'No deletions requested' : `Deleted ${String(deleted)} artifacts`;
  for (const line of vacuum === true ? [told, 'VACUUM completed'] : [told])
    await session.print(session.paint('warning', line));
}

async function migrate(session: Session, path: string, dryRun: boolean): Promise<void> {
  await checkExists(path);
  const changes: string[] = [];
  const onEvent: SqliteStoreOptions['onEvent'] = (event) => {
    if (event.type === 'migrated') {
      const { artifacts, consumptions, merged, agents, originalVersion } = event.migration;
      changes.push(
        `a board of the original, version ${String(originalVersion)}: ${count(artifacts, 'artifact')}, ` +
          `${count(consumptions, 'consumption')} and ${count(agents, 'agent')}, all kept; ` +
          `${count(merged, 'consumption')} merged with an equal one`,
      );
    } else if (event.type === 'foreign-change') {
      const { artifacts, consumptions } = event.renewed;
      changes.push(
        `a board that another program wrote to: ${count(artifacts, 'artifact')} and ` +
          `${count(consumptions, 'consumption')} to be numbered anew`,
      );
    }
  };
  const store = await openSqliteStore({ medium: fileMedium(path), readOnly: dryRun, signal: session.signal, onEvent });
  await store.close();
  const [change] = changes;
  if (change === undefined) await session.print('There is nothing to migrate.');
  else await session.print(`${dryRun ? 'Would migrate' : 'Migrated'} ${change}.`);
}
