import type * as SyncFileSystem from 'node:fs';
import type * as FileSystem from 'node:fs/promises';

const ofHandles = ['read', 'write', 'sync', 'datasync', 'truncate', 'stat', 'chown', 'chmod', 'close'] as const;
const ofPaths = ['stat', 'rename', 'rm', 'link', 'copyFile', 'mkdir', 'utimes'] as const;

export type Call = (typeof ofHandles)[number] | (typeof ofPaths)[number] | 'open';

/** The system's answer to a call instead of its own; undefined lets the call through. */
export type Answer = (call: Call, path: string) => unknown;

const passAll: Answer = () => undefined;

type AnyCall = (...args: unknown[]) => Promise<unknown>;

/** What the tests of one file do to the calls of the file system that the source makes, and see of them. */
export const watched = {
  /** Calls on other paths are not watched. */
  folder: '/',
  answer: passAll,
  /** Called when the system has carried out a call; no other call is carried out until it returns. */
  after: passAll,
  /** What it says of a call that it has carried out: an error for one that happened all the same. */
  protest: passAll,
  calls: [] as Call[],
  /** What is to come after calls that nobody waits for: it is made up for before the next call. */
  late: [] as (() => unknown)[],
  /** What is open, by descriptor. */
  paths: new Map<number, string>(),
  reset(folder = '/'): void {
    this.folder = folder;
    this.answer = passAll;
    this.after = passAll;
    this.protest = passAll;
    this.late.length = 0;
    this.calls.length = 0;
  },
};

export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: made up`), { code });
}

/** Lets every call of one kind fail, on paths that end in this. */
export function fail(call: Call, code: string, ending = ''): void {
  watched.answer = (name, path) => (name === call && path.endsWith(ending) ? systemError(code) : undefined);
}

/**
 * The file system as {@link watched} shows it: `vi.mock('node:fs/promises', …)` with this. It flushes nothing: the tests lose
 * no power but what they make up.
 */
export function watchFiles(original: typeof FileSystem): object {
  let turn: Promise<unknown> = Promise.resolve();
  const watch = async <T>(call: Call, path: string, carryOut: () => Promise<T>): Promise<T> => {
    for (const after of watched.late.splice(0)) await after();
    watched.calls.push(call);
    const answer = await watched.answer(call, path);
    if (answer instanceof Error) throw answer;
    const result = answer === undefined ? await carryOut() : (answer as T);
    await watched.after(call, path);
    const protest = watched.protest(call, path);
    if (protest instanceof Error) throw protest;
    return result;
  };
  const pass = async <T>(call: Call, path: string, carryOut: () => Promise<T>): Promise<T> => {
    if (path !== watched.folder && !path.startsWith(`${watched.folder}/`) && watched.folder !== '/') return carryOut();
    const result = turn.then(() => watch(call, path, carryOut));
    turn = result.catch(() => undefined);
    return result;
  };
  const open = async (path: string, flags: string, mode?: number) => {
    const handle = await pass('open', path, () => original.open(path, flags, mode));
    const member = (name: (typeof ofHandles)[number]) => {
      const isFlush = name === 'sync' || name === 'datasync';
      const own = (isFlush ? async () => undefined : handle[name].bind(handle)) as AnyCall;
      return [name, (...args: unknown[]) => pass(name, path, () => own(...args))];
    };
    watched.paths.set(handle.fd, path);
    return { fd: handle.fd, ...(Object.fromEntries(ofHandles.map(member)) as object) };
  };
  const others = ofPaths.map((name) => {
    const own = original[name] as AnyCall;
    return [name, (path: string, ...rest: unknown[]) => pass(name, path, () => own(path, ...rest))] as const;
  });
  return { ...original, ...Object.fromEntries(others), open };
}

/** What is done at once, for `vi.mock('node:fs', …)`: it can fail as well. */
export function watchSync(original: typeof SyncFileSystem): object {
  const look =
    <T>(own: (path: string, options: object) => T) =>
    (path: string, options: object) => {
      const answer = watched.answer('stat', path);
      if (answer instanceof Error) throw answer;
      return own(path, options);
    };
  const writeSync = (fd: number, bytes: Uint8Array, offset: number, length: number, position: number) => {
    const path = watched.paths.get(fd) ?? '';
    watched.calls.push('write');
    const answer = watched.answer('write', path);
    if (answer instanceof Error) throw answer;
    const written = original.writeSync(fd, bytes, offset, length, position);
    watched.late.push(() => watched.after('write', path));
    const protest = watched.protest('write', path);
    if (protest instanceof Error) throw protest;
    return written;
  };
  return { ...original, statSync: look(original.statSync), readFileSync: look(original.readFileSync), writeSync };
}
