import { startBoardlite, startSqlJs, type ColdStart, type InitSqlJs } from './cold-start.ts';

export type Subject = 'boardlite' | 'sql.js';

/** @param locateFile where sql.js finds its WebAssembly; it knows by itself in processes */
export function coldStart(subject: Subject, locateFile?: (name: string) => string): Promise<ColdStart> {
  if (subject === 'boardlite') return startBoardlite(() => import('boardlite/sqlite'));
  return startSqlJs(async () => {
    const { default: initSqlJs }: { default: unknown } = await import('sql.js');
    return initSqlJs as InitSqlJs;
  }, locateFile);
}
