import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Browser } from './browser.ts';
import { startDemo, type Demo } from './demo-command.ts';
import { DemoPage } from './demo-page.ts';
import { useBrowser } from './suite.ts';

/** The demo, served to a file of tests, and a browser whose board of it is empty when a test begins. */
export function useDemo() {
  const tabs = useBrowser();
  let demo: Demo | null = null;
  const origin = () => {
    if (demo === null) throw new Error('the demo is not started');
    return demo.origin;
  };
  beforeAll(async () => {
    demo = await startDemo();
  });
  afterAll(async () => {
    await demo?.interrupt();
  });
  beforeEach(async () => {
    // As the settings of a browser clear the data of a site.
    const control = await tabs.browser.control(await tabs.open('/empty'));
    await control.send('Storage.clearDataForOrigin', { origin: origin(), storageTypes: 'all' });
  });
  return {
    get browser() {
      return tabs.browser;
    },
    get origin() {
      return origin();
    },
    /** Opens the page; a script may prepare it, before anything else runs in it. */
    async open({ browser = tabs.browser, script }: { browser?: Browser; script?: () => void } = {}): Promise<DemoPage> {
      return new DemoPage(await browser.open('/', origin(), script)).isOpen();
    },
  };
}
