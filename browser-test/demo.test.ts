import { describe, expect, it } from 'vitest';
import { BY_CLOCK } from './browser.ts';
import { DemoPage } from './demo-page.ts';
import { useDemo } from './demo-suite.ts';

const demo = useDemo();

describe('the page of the demo', () => {
  it('shows an empty board, and what can be done', async () => {
    const { page } = await demo.open();
    const seen = (await page.locator('body').ariaSnapshot())
      .replace(/[\d.]+ (bytes|[kMGT]B)/g, '<size>')
      .replace(/[-\da-f]{36}/, '<epoch>');
    expect(seen).toMatchInlineSnapshot(`
      "- banner:
        - heading "boardlite" [level=1]
        - paragraph:
          - text: A blackboard for agents, kept by this browser. Reload, and everything is still there;
          - link "open a second tab":
            - /url: ./
          - text: ", and both show the same board."
      - main:
        - region "Storage":
          - heading "Storage" [level=2]
          - paragraph: "Kept by this browser: survives reloads, closed tabs and a crash of the browser; a power cut may take the last writes."
          - term: Durability
          - definition: relaxed
          - term: Log
          - definition: 0 records, <size>
          - term: Last checkpoint
          - definition: none by this tab
          - term: Sequence
          - definition: "0"
          - term: Artifacts
          - definition: "0"
          - term: Consumptions
          - definition: "0"
          - term: Board
          - definition: <size>
          - term: Used by this site
          - definition: <size> of <size>
          - term: Epoch
          - definition:
            - code: <epoch>
          - text: When the disk is full, the browser may delete it.
          - button "Ask to keep it"
          - button "Save a checkpoint"
          - status
          - group: Calls of this tab
        - region "Publish":
          - heading "Publish" [level=2]
          - form "Draft":
            - group:
              - text: Type
              - combobox "Type":
                - option "plan.Idea" [selected]
                - option "plan.Task"
                - option "plan.Review"
              - text: Payload, as JSON
              - textbox "Payload, as JSON": "{ \\"text\\": \\"Give every agent a shelf of its own\\" }"
              - text: Producer
              - textbox "Producer": scout
              - text: Tags, separated by spaces
              - textbox "Tags, separated by spaces"
              - button "Publish"
            - status
        - region "Artifacts":
          - heading "Artifacts" [level=2]
          - group:
            - search "Filter":
              - text: Type
              - combobox "Type":
                - option "Any" [selected]
              - text: Producer
              - combobox "Producer":
                - option "Any" [selected]
              - text: Tag
              - combobox "Tag":
                - option "Any" [selected]
            - text: Consume as
            - textbox "Consume as": reader
          - paragraph:
            - text: Nothing is on the board yet.
            - status
          - list
        - region "Counts":
          - heading "Counts" [level=2]
          - paragraph: Of what the filter lets through.
          - table:
            - rowgroup:
              - row "Type Artifacts":
                - columnheader "Type"
                - columnheader "Artifacts"
            - rowgroup
          - table:
            - rowgroup:
              - row "Producer Artifacts":
                - columnheader "Producer"
                - columnheader "Artifacts"
            - rowgroup"
    `);
  });

  it('publishes what is typed in with the keyboard alone, shows the newest first, and counts', async () => {
    const board = await demo.open();
    const { keyboard } = board.page;
    await board.draft.getByLabel('Type').focus();
    for (const text of ['plan.T', '{ "title": "<b>Saw</b> & sand", "hours": 2.5 }', 'carpenter', 'wood shelf']) {
      await keyboard.press('Control+A');
      await keyboard.type(text);
      await keyboard.press('Tab');
    }
    await keyboard.press('Enter');
    await board.draft.getByText('Published, sequence 1.').waitFor();
    await board.publish({ type: 'plan.Idea', producer: 'scout', tags: '' });
    await board.total('2 artifacts.');
    expect(await board.listed()).toEqual([
      'plan.Idea sequence 2 by scout text Give every agent a shelf of its own Not consumed',
      'plan.Task sequence 1 by carpenter title <b>Saw</b> & sand hours 2.5 shelf wood Not consumed',
    ]);
    expect(await board.counted()).toEqual(['plan.Idea 1', 'plan.Task 1', 'carpenter 1', 'scout 1']);
  });

  it('filters by type, producer and tag, and counts what the filter lets through', async () => {
    const board = await demo.open();
    await board.publish({ tags: 'red' });
    await board.publish({ producer: 'critic', tags: 'red blue' });
    await board.publish({ type: 'plan.Review', tags: '' });
    const choose = (label: string, choice: string) => board.filter.getByLabel(label).selectOption(choice);
    await choose('Producer', 'critic');
    await board.total('2 of 3 artifacts.');
    await choose('Tag', 'red');
    await board.total('1 of 3 artifacts.');
    expect(await board.counted()).toEqual(['plan.Idea 1', 'critic 1']);
    expect((await board.listed()).join()).toContain('sequence 2 by critic');
    await choose('Type', 'plan.Review');
    await board.total('0 of 3 artifacts.');
    expect(await board.listed()).toEqual([]);
    for (const label of ['Type', 'Producer', 'Tag']) await choose(label, 'Any');
    await board.total('3 artifacts.');
    expect(await board.listed()).toHaveLength(3);
  });

  it('shows the ten newest, and more of them where they end, whatever is published meanwhile', async () => {
    const board = await demo.open();
    for (let n = 0; n < 23; n++) await board.publish();
    const sequences = async () => (await board.listed()).map((text) => Number(/sequence (\d+)/.exec(text)?.[1]));
    const from = (newest: number, length: number) => Array.from({ length }, (_, i) => newest - i);
    expect(await sequences()).toEqual(from(23, 10));
    const more = board.artifacts.getByRole('button', { name: 'More' });
    await more.click();
    await board.consume(4).waitFor();
    expect(await sequences()).toEqual(from(23, 20));
    await board.publish();
    expect(await sequences()).toEqual(from(24, 20));
    await more.click();
    await board.consume(1).waitFor();
    expect(await sequences()).toEqual(from(24, 24));
    expect(await more.isVisible()).toBe(false);
  });

  it('shows who consumed what, and leaves the keyboard where it is', async () => {
    const board = await demo.open();
    await board.publish();
    await board.consume(1).click();
    await board.artifacts.getByText('Consumed by reader.').waitFor();
    await board.page.keyboard.press('Enter');
    await board.artifacts.getByText('Consumed by reader (2 times)').waitFor();
    await board.artifacts.getByLabel('Consume as').fill('critic');
    await board.consume(1).click();
    await board.artifacts.getByText('Consumed by reader (2 times), critic').waitFor();
    expect(await board.figure('Consumptions')).toBe('3');
  });

  it('says in words what is wrong, with the code of the error, and keeps what was typed in', async () => {
    const board = await demo.open();
    const payload = '{ "of": "", "accepted": "yes" }';
    await board.submit({ type: 'plan.Review', payload });
    const alert = board.draft.getByRole('alert');
    await alert.waitFor();
    expect((await alert.innerText()).split('\n')).toEqual([
      expect.stringMatching(/^invalid-payload Cannot publish artifact of type "plan.Review": "of" does not pass/),
      expect.stringMatching(/^of Too small/),
      expect.stringMatching(/^accepted Invalid input: expected boolean/),
    ]);
    expect(await board.draft.getByLabel('Payload').inputValue()).toBe(payload);
    await board.submit({ payload: '{ "of" }' });
    await board.draft.getByText('The payload is not JSON: ').waitFor();
    await board.submit({ payload: '["of"]' });
    await board.draft.getByText('invalid-payload').waitFor();
    await board.total('Nothing is on the board yet.');

    await board.publish({ payload: '{ "of": "shelf", "accepted": false }' });
    expect(await alert.isVisible()).toBe(false);
    await board.artifacts.getByLabel('Consume as').fill('');
    await board.consume(1).click();
    // The browser itself says what is missing, and where.
    expect(await board.artifacts.locator(':focus').getAttribute('id')).toBe('consumer');
    expect(await board.figure('Consumptions')).toBe('0');
  });
});

describe('a second tab', () => {
  it('opens by the link, and both show at once what the other one does', async () => {
    const one = await demo.open();
    await one.publish();
    const [opened] = await Promise.all([
      one.page.context().waitForEvent('page'),
      one.page.getByRole('link', { name: 'open a second tab' }).click(),
    ]);
    const other = await new DemoPage(opened).isOpen();
    await other.total('1 artifact.');
    await other.publish({ producer: 'critic' });
    // Which is behind the other one now.
    await one.total('2 artifacts.');
    await one.artifacts.getByText('Another tab has changed the board.').waitFor();
    expect(await one.listed()).toEqual(await other.listed());
    expect(await one.counted()).toEqual(['plan.Idea 2', 'critic 1', 'scout 1']);
    await one.page.bringToFront();
    await one.consume(2).click();
    await other.artifacts.getByText('Consumed by reader', { exact: true }).waitFor();
    expect(await other.figure('Sequence')).toBe('3');
  });

  it('is up to date when it comes into view, even if no message has reached it', async () => {
    const one = await demo.open();
    const other = await demo.open({
      script: () => {
        BroadcastChannel.prototype.postMessage = () => undefined;
      },
    });
    await one.page.waitForFunction(() => document.visibilityState === 'hidden', null, BY_CLOCK);
    await other.publish();
    await one.page.bringToFront();
    await one.total('1 artifact.');
  });
});
