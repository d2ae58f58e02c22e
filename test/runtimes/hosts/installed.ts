import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

/** A program that the nested package brings. */
export function installed(path: string): string {
  return join(process.cwd(), 'test/runtimes/node_modules', path);
}

export function missingFile(path: string): string | null {
  return existsSync(path) ? null : 'npm ci --prefix test/runtimes brings it';
}
