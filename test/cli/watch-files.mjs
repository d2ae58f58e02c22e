// Loaded into the program before it runs: writes what it does to files into the one that TRACE names, a line for each, and
// with NO_LINKS makes every disk one that knows no links.
import { appendFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';
import { env } from 'node:process';

function trace(call, ...paths) {
  if (env.TRACE) appendFileSync(env.TRACE, `${[call, ...paths.map((path) => basename(path))].join(' ')}\n`);
}

for (const name of ['rename', 'link']) {
  const carryOut = fs[name];
  fs[name] = async (from, to) => {
    if (name === 'link' && env.NO_LINKS) throw Object.assign(new Error('EPERM: made up'), { code: 'EPERM' });
    await carryOut(from, to);
    trace(name, from, to);
  };
}

const { open, rm } = fs;
fs.rm = async (path, ...rest) => {
  await rm(path, ...rest);
  trace('rm', path);
};
fs.open = async (path, ...rest) => {
  const handle = await open(path, ...rest);
  const sync = handle.sync.bind(handle);
  handle.sync = async () => {
    await sync();
    trace('sync', path);
  };
  return handle;
};
syncBuiltinESMExports();
