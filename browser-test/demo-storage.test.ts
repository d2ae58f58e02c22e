import { describe, expect, it, onTestFinished } from 'vitest';
import { Browser } from './browser.ts';
import { useDemo } from './demo-suite.ts';
import { profileThatKeepsNothing } from './profile.ts';

const demo = useDemo();

async function startBrowser(profile?: string): Promise<Browser> {
  const browser = await Browser.start(profile);
  onTestFinished(() => browser.remove());
  return browser;
}

describe('the board of the demo is still there', () => {
  it('when the page is loaded again', async () => {
    const board = await demo.open();
    await board.publish({ producer: 'critic' });
    await board.consume(1).click();
    await board.artifacts.getByText('Consumed by reader', { exact: true }).waitFor();
    const before = [await board.listed(), await board.counted()];
    await board.page.reload();
    await board.total('1 artifact.');
    expect([await board.listed(), await board.counted()]).toEqual(before);
    expect(await board.figure('Log')).toMatch(/^2 records, /);
  });

  it('when the browser was killed', async () => {
    const first = await startBrowser();
    const board = await demo.open({ browser: first });
    await board.publish();
    await first.kill();
    const again = await demo.open({ browser: await startBrowser(first.profile) });
    await again.total('1 artifact.');
  });
});

describe('the storage line of the demo', () => {
  it('tells what the store reports, and what a checkpoint changes', async () => {
    const board = await demo.open();
    await board.publish();
    await board.publish();
    const figures = () =>
      Promise.all(['Durability', 'Artifacts', 'Log', 'Last checkpoint'].map((name) => board.figure(name)));
    expect(await figures()).toEqual([
      'relaxed',
      '2',
      expect.stringMatching(/^2 records, [\d.]+ (kB|bytes)$/),
      'none by this tab',
    ]);
    expect(await board.figure('Epoch')).toMatch(/^[-\da-f]{36}$/);
    expect(await board.figure('Used by this site')).toMatch(/^[\d.]+ [kM]B of [\d.]+ [GT]B$/);
    const checkpoint = board.storage.getByRole('button', { name: 'Save a checkpoint' });
    await checkpoint.click();
    await board.storage.getByText('Saved.').waitFor();
    expect(await figures()).toEqual(['relaxed', '2', '0 records, 0 bytes', expect.stringMatching(/, \d{4}, /)]);
    await board.storage.getByText('Calls of this tab').click();
    await board.storage.getByRole('row', { name: /^publish 2 0 / }).waitFor();
  });

  it.each([
    ['granted', 'The browser has promised to keep it.', 'When the disk is full, the browser has promised to keep it.'],
    ['denied', 'The browser has refused to promise that.', 'When the disk is full, the browser may delete it.'],
  ] as const)('asks the browser to keep the board, and says when that is %s', async (setting, answer, state) => {
    const browser = await startBrowser();
    const board = await demo.open({ browser });
    const control = await browser.control(board.page);
    const permission = { name: 'persistent-storage' };
    await control.send('Browser.setPermission', { permission, setting, origin: demo.origin });
    const ask = board.storage.getByRole('button', { name: 'Ask to keep it' });
    await ask.click();
    await board.storage.getByText(answer, { exact: true }).waitFor();
    await board.page.reload();
    await board.isOpen();
    await board.storage.getByText(state).waitFor();
    expect(await ask.isVisible()).toBe(setting === 'denied');
  });

  it('says that nothing is kept where the browser keeps nothing for the site, and why', async () => {
    const board = await demo.open({ browser: await startBrowser(await profileThatKeepsNothing()) });
    expect(await board.storage.locator('#durability').innerText()).toMatch(
      /^In this tab only: the board is gone when the tab closes. storage-denied Cannot open the board "demo"/,
    );
    await board.publish();
    await board.total('1 artifact.');
    expect(await board.figure('Durability')).toBe('none');
    await board.page.reload();
    await board.total('Nothing is on the board yet.');
  });

  it('says that the board is lost when another page deletes it, and refuses what comes then', async () => {
    const board = await demo.open();
    await board.publish();
    const other = await demo.browser.open('/style.css', demo.origin);
    await other.evaluate(() => {
      indexedDB.deleteDatabase('boardlite:demo');
    });
    await board.page.bringToFront();
    await board.storage.getByText('storage-lost').waitFor();
    expect(await board.figure('Durability')).toBe('none');
    await board.submit();
    await board.draft.getByText('storage-lost').waitFor();
    await board.total('1 artifact.');
  });
});
