#!/usr/bin/env node
import process from 'node:process';
import { isDebugging } from './command.ts';
import { report } from './errors.ts';
import { createProgram } from './program.ts';
import { Session } from './session.ts';

const session = new Session();
session.begin();
try {
  await createProgram(session).parseAsync(process.argv);
  process.exitCode = session.exitCode;
} catch (error) {
  // What stopped the command counts, whatever it failed with on its way out.
  process.exitCode = report(session.signal.aborted ? session.signal.reason : error, session, isDebugging(process.argv));
}
