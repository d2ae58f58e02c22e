import { readFile, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { boardAtRest, boardWithLog, faultsOf, flip } from './boards-to-verify.ts';

it('verifyBoard finds a flipped byte anywhere in the log', async () => {
  for (const make of [boardAtRest, boardWithLog]) {
    const path = await make();
    const log = `${path}.log`;
    const whole = await readFile(log);
    for (let place = 0; place < whole.length; place += 31) {
      await flip(log, place);
      expect((await faultsOf(path)).join(), `byte ${String(place)}`).toMatch(/\.log|of the log/);
      await writeFile(log, whole);
    }
  }
});
