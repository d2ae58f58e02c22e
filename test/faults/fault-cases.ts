/** A test, by its file and a part of what it says there. */
type Shown = readonly [file: string, title: string];

/** What can happen to a stored board, and the tests that show what comes of it, or why it cannot happen here. */
export interface FaultCase {
  readonly fault: string;
  readonly shownBy?: readonly Shown[];
  readonly reason?: string;
}

const POINTS = 'test/crash/crash-points.test.ts';
const HISTORIES = 'test/crash/crash.test.ts';
const KILLED = 'test/durability/killed.test.ts';
const BROWSER_KILLED = 'browser-test/killed.test.ts';
const FILE_CRASH = 'test/persistence/file-crash.test.ts';
const FILE_LOG = 'test/persistence/file-log.test.ts';
const SPLIT_LOG = 'test/persistence/split-log.test.ts';
const BOARD_LOG = 'test/persistence/board-log.test.ts';
const FAULTS = 'test/indexeddb/indexeddb-faults.test.ts';
const DAMAGE = 'browser-test/damage.test.ts';
const SURVIVAL = 'src/contract/medium-survival-cases.ts';

const everyPoint: Shown = [POINTS, 'a crash at any point of any history of up to four calls leaves what was promised'];
const everyHistory: Shown = [HISTORIES, 'keeps its promises in'];
const everyCall: Shown = [
  FILE_CRASH,
  'after the death of the process or a power cut at any step, everything accepted is there',
];
const killedWriter: Shown = [KILLED, 'loses nothing that was acknowledged, and does nothing by halves or twice'];
const everyOperation: Shown = [FAULTS, 'all that was acknowledged is there, whole and once'];

/** Numbered from 1. */
export const faultCases: readonly FaultCase[] = [
  {
    fault: 'killed between the request to append and its completion',
    shownBy: [everyPoint, killedWriter],
  },
  { fault: 'killed after the append, before it is applied and acknowledged', shownBy: [everyPoint, killedWriter] },
  {
    fault: 'killed between an append and the snapshot after it',
    shownBy: [everyPoint, [SURVIVAL, 'has everything after the death of its process, with either durability']],
  },
  { fault: 'killed while a snapshot is written', shownBy: [everyPoint, everyCall] },
  {
    fault: 'killed between the switch to a snapshot and the removal of what came before',
    shownBy: [everyPoint, everyCall],
  },
  { fault: 'killed while the old log is removed', shownBy: [everyPoint, everyCall] },
  {
    fault: 'a log cut anywhere in its last records',
    shownBy: [
      [SPLIT_LOG, 'anywhere in its records has those before, and is torn unless it was cut between two'],
      [FILE_LOG, 'is read up to there, and stays as it is until the next record'],
    ],
  },
  {
    fault: 'a bit flipped in a record, a mark, a chunk or a header',
    shownBy: [
      [FILE_LOG, 'of a bit of the log is refused, or takes the last record for a torn one'],
      [FILE_LOG, 'of the snapshot is never read'],
      [SPLIT_LOG, 'is refused, or has all but its last record'],
      ['test/persistence/frame.test.ts', 'is refused when any one bit of it is another'],
      [DAMAGE, 'has the one before loaded with all records, and said'],
    ],
  },
  {
    fault: 'a chunk that is missing, of another snapshot, or too many',
    shownBy: [
      [DAMAGE, 'has the one before loaded with all records, and said'],
      [DAMAGE, 'is refused when it is in both snapshots, and the bytes stay'],
      ['src/contract/medium-save-cases.ts', 'leaves nothing of snapshots that were larger'],
    ],
  },
  {
    fault: 'a whole record of another board, or of another past of this one',
    shownBy: [
      [BOARD_LOG, 'of another history'],
      [BOARD_LOG, 'of the history of another board'],
      ['test/crash/broken-disks.test.ts', 'the crash test finds a disk that'],
    ],
  },
  {
    fault: 'a gap in the log, a number twice, two writers with one number',
    shownBy: [
      [BOARD_LOG, 'behind a gap'],
      [BOARD_LOG, 'that comes twice'],
      ['src/contract/medium-sharing-cases.ts', 'lets exactly one of two append a number'],
    ],
  },
  {
    fault: 'two tabs that write at the same time',
    shownBy: [['browser-test/tabs.test.ts', 'lose none, and show the same board as one that opens it then']],
  },
  {
    fault: 'a lock stolen while its holder works',
    shownBy: [
      [
        'browser-test/workers.test.ts',
        'a lock that others steal again and again keeps nobody from writing and saving, and loses nothing',
      ],
    ],
  },
  {
    fault: 'a tab frozen for long, that goes on after others wrote and took snapshots',
    shownBy: [
      ['browser-test/tabs.test.ts', 'goes on after it was frozen while another one wrote and took snapshots'],
      ['browser-test/sharing.test.ts', 'saves cannot append, and can after it has loaded'],
    ],
  },
  {
    fault: 'a tab frozen with a transaction open',
    reason:
      'No transaction waits for anything: each asks for all at once and commits by itself (src/persistence/indexeddb-keyval.ts), so that none is open when a task ends.',
  },
  {
    fault: 'a page that goes into the cache of pages and comes back',
    shownBy: [
      [
        'browser-test/tabs.test.ts',
        'goes on when it comes back from the cache of pages, and shows what was written meanwhile',
      ],
      ['test/sqlite/returning-page.test.ts', 'takes it back when its calls have ended'],
    ],
  },
  {
    fault: 'a tab closed while it takes a snapshot; another one goes on',
    shownBy: [['browser-test/sharing.test.ts', 'can both save again and again while both append, and nothing is lost']],
  },
  {
    fault: 'messages between tabs that are lost, doubled, early, or cannot be sent',
    shownBy: [
      everyHistory,
      ['browser-test/sharing.test.ts', 'look from time to time, should a hint be lost'],
      ['browser-test/tabs.test.ts', 'goes on when it comes back from the cache of pages'],
      ['test/indexeddb/refused-channel.test.ts', 'stores share a board all the same, and look from time to time'],
    ],
  },
  {
    fault: 'no room: at an append, amid the chunks of a snapshot, at its end',
    shownBy: [
      [
        'browser-test/quota.test.ts',
        'an append is refused with what is there unchanged, and one that there is room for goes on',
      ],
      ['browser-test/quota.test.ts', 'a save is refused, leaves nothing, and the board goes on'],
      everyOperation,
    ],
  },
  {
    fault: 'a request that fails while its transaction has no error yet',
    shownBy: [['browser-test/quota.test.ts', 'an append is refused with what is there unchanged'], everyOperation],
  },
  {
    fault: 'a transaction aborted after its requests succeeded, without an error, or carried out all the same',
    shownBy: [
      everyOperation,
      ['test/indexeddb/faulty-indexeddb.ts', 'a transaction is carried out, and told to be aborted'],
    ],
  },
  {
    fault: 'a write that throws at once',
    shownBy: [everyOperation, ['test/indexeddb/faulty-indexeddb.ts', 'a write throws a DataCloneError']],
  },
  {
    fault: 'a connection that the browser closes, told or not',
    shownBy: [everyOperation, ['test/indexeddb/faulty-indexeddb.ts', 'the connection is lost, and nobody was told']],
  },
  {
    fault: 'site data cleared while the board is open',
    shownBy: [
      ['browser-test/lost-storage.test.ts', 'refuses to append, and makes no new board'],
      ['browser-test/lost-storage.test.ts', 'writes nothing to the board that another tab has made since'],
      ['test/sqlite/lost-board.test.ts', 'refuses writes and says so once; what is in memory can be read and exported'],
    ],
  },
  {
    fault: 'a database deleted, or made a newer version, by another tab; an opening that is blocked',
    shownBy: [
      ['browser-test/lost-storage.test.ts', 'lets it go, and refuses to append afterwards'],
      ['browser-test/lost-storage.test.ts', 'lets it go while it is being opened, and makes no new one'],
      ['browser-test/lost-storage.test.ts', 'whose database a newer version takes over says so, and leaves it alone'],
      ['browser-test/refused-openings.test.ts', 'gives up when the browser does not answer, and says why'],
    ],
  },
  {
    fault: 'an opening that never ends, fails, or finds a newer version',
    shownBy: [
      ['browser-test/refused-openings.test.ts', 'gives up when the browser does not answer, and says why'],
      [
        'browser-test/refused-openings.test.ts',
        'can be stopped while the browser does not answer, and holds nothing afterwards',
      ],
      ['browser-test/refused-openings.test.ts', 'a database of a newer version'],
    ],
  },
  {
    fault: 'a database of that name which is somebody else’s',
    shownBy: [
      ['browser-test/refused-openings.test.ts', "somebody else's database of that name"],
      ['browser-test/refused-openings.test.ts', "somebody else's database with an object store of that name"],
    ],
  },
  {
    fault: 'storage evicted between two sessions',
    reason:
      'Browsers evict all of an origin, and what is left then is what a first visit finds: no page can tell the two apart. What is gone in part is refused: see "is refused when all that is left are records" in browser-test/damage.test.ts.',
  },
  {
    fault: 'clocks that go back, jump, stand still, or differ between tabs',
    shownBy: [
      ['test/core/stamps.test.ts', 'is never earlier than the last one, and goes on when the clock has caught up'],
      ['src/contract/order-cases.ts', 'keeps the order of publishing when the clock is set back'],
      ['test/differential/agreement.test.ts', 'memory and SQLite answer every sequence of calls alike'],
    ],
  },
  {
    fault: 'what a page leaves as it ends: kept, adopted, in conflict, twice',
    shownBy: [
      ['browser-test/page-end.test.ts', 'what a page has not written is left on the board when the page'],
      ['test/sqlite/orphans.test.ts', 'is carried out by the next one who opens the board, in order, as it was called'],
      ['test/sqlite/orphans.test.ts', 'twice is carried out once'],
      ['test/sqlite/orphans.test.ts', 'passes the checks that it would have passed'],
      ['test/indexeddb/damaged-board.test.ts', 'is told and stays, and the rest is carried out'],
    ],
  },
  {
    fault: 'IndexedDB that may not be used',
    shownBy: [
      [
        'browser-test/refused-openings.test.ts',
        'a page that may not use IndexedDB, such as a sandboxed frame, is told so',
      ],
      ['test/indexeddb/refused-channel.test.ts', 'memory will do where the caller says so'],
      ['test/sqlite/listeners.test.ts', 'is an error, unless memory will do: then it is told, and shows'],
    ],
  },
  {
    fault: 'a view whose whole buffer would be stored',
    shownBy: [['src/contract/medium-bytes-cases.ts', 'keeps the part that was given, not the buffer around it']],
  },
  {
    fault: 'the whole browser killed while two tabs write',
    shownBy: [[BROWSER_KILLED, 'loses nothing that was acknowledged, and does nothing by halves or twice']],
  },
  {
    fault: 'a page that crashes while it takes a snapshot',
    shownBy: [[BROWSER_KILLED, 'crashes while both take snapshots']],
  },
  {
    fault: 'a snapshot taken while a statement is open',
    shownBy: [
      [
        'test/sqlite/sqljs-driver.test.ts',
        'can be taken while statements are kept and rows are being read, and pragmas stay',
      ],
    ],
  },
  {
    fault: 'an engine that fails in the middle of what was accepted',
    shownBy: [
      [
        'test/sqlite/group-failures.test.ts',
        'is read from the medium: the board is built again, and the calls succeed',
      ],
    ],
  },
  {
    fault: 'an engine that cannot be loaded',
    shownBy: [
      ['test/sqlite/load-engine.test.ts', 'a load that fails says what was wrong and names the ways out'],
      ['test/sqlite/load-engine.test.ts', 'the next one succeeds'],
    ],
  },
  {
    fault: 'a replay that comes to another board',
    shownBy: [
      ['test/differential/agreement.test.ts', 'memory and a file, closed and opened again between steps, answer alike'],
      ['browser-test/tabs.test.ts', 'lose none, and show the same board as one that opens it then'],
    ],
  },
  {
    fault: 'values that storage might change: NUL, lone surrogates, -0, bigint, megabytes',
    shownBy: [
      ['test/sqlite/log-record.test.ts', 'gives back every text as it was'],
      ['src/contract/payload-cases.ts', 'keeps a text of 10 MB unchanged'],
      ['src/contract/medium-load-cases.ts', 'loads what was saved'],
    ],
  },
  {
    fault: 'a system call that fails, or writes less than it was given',
    shownBy: [
      [
        FILE_CRASH,
        'when one call of the system fails, whichever it is, the next try goes well and everything accepted is there',
      ],
      ['test/persistence/file-faults.test.ts', 'writes everything when the system takes one byte at a time'],
      ['test/persistence/file-disk.test.ts', 'on a full disk'],
    ],
  },
  {
    fault: 'killed between any two steps of a save to a file',
    shownBy: [
      everyCall,
      ['test/persistence/file-processes.test.ts', 'leaves one saved snapshot, whole, the last one or the next'],
    ],
  },
  {
    fault: 'two processes on one file; the lock of a dead one',
    shownBy: [
      [
        'test/persistence/file-processes.test.ts',
        'are never both let in: the second is refused until the first has ended, killed or not',
      ],
    ],
  },
  {
    fault: 'a file that another program changed, or left changes beside',
    shownBy: [
      [FILE_LOG, 'is refused when records wait, says what to do, and stays as it is'],
      [FILE_LOG, 'is handed out as foreign when no record waits, and can be taken on'],
      [
        'test/persistence/file-medium.test.ts',
        'a file with changes beside it that SQLite has not folded in is refused',
      ],
    ],
  },
  {
    fault: 'a log of a newer version',
    shownBy: [
      [SPLIT_LOG, 'a log of a newer version'],
      ['test/sqlite/log-record.test.ts', 'is refused as'],
    ],
  },
  {
    fault: 'a long log and a large snapshot to open',
    shownBy: [
      ['test/sqlite/progress.test.ts', 'opening a board with a long log'],
      ['src/contract/medium-progress-cases.ts', 'stops a load on its way, or has loaded'],
      ['src/contract/medium-append-cases.ts', 'takes hundreds of records'],
    ],
  },
  {
    fault: 'a medium that answers early, late, or never',
    shownBy: [
      ['test/contract/medium-broken.test.ts', 'the contract of media fails, at the very subject, on a medium that'],
      ['test/sqlite/group-order.test.ts', 'while it waits for the group before it is given up, and is in no record'],
      ['browser-test/refused-openings.test.ts', 'gives up when the browser does not answer, and says why'],
    ],
  },
  {
    fault: 'a close during writes and snapshots',
    shownBy: [
      ['test/sqlite/closing.test.ts', 'waits for checkpoints and flushes that were called before it, and they succeed'],
      ['src/contract/medium-closing-cases.ts', 'ends a save that is under way before it closes'],
    ],
  },
  {
    fault: 'two stores of one page on one board',
    shownBy: [
      ['browser-test/sharing.test.ts', 'hear from each other, and so do two media of one tab'],
      ['test/indexeddb/indexeddb-contract.test.ts', 'the contract of media on an IndexedDB in memory'],
    ],
  },
  {
    fault: 'a worker terminated while it writes',
    shownBy: [['browser-test/workers.test.ts', 'loses nothing that it said was accepted']],
  },
  {
    fault: 'storage that is not persistent, cannot be asked about, or tells nothing',
    shownBy: [
      ['browser-test/workers.test.ts', 'does not keep a board from being used'],
      ['browser-test/workers.test.ts', 'is asked for when that is wanted, and not otherwise'],
    ],
  },
];
