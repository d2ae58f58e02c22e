import type { Locator, Page } from 'playwright-core';

export interface Draft {
  readonly type?: string;
  readonly payload?: string;
  readonly producer?: string;
  readonly tags?: string;
}

/** The page of the demo, as somebody sees it who uses it. */
export class DemoPage {
  readonly page: Page;
  readonly draft: Locator;
  readonly artifacts: Locator;
  readonly filter: Locator;
  readonly counts: Locator;
  readonly storage: Locator;

  constructor(page: Page) {
    this.page = page;
    this.draft = page.getByRole('region', { name: 'Publish' });
    this.artifacts = page.getByRole('region', { name: 'Artifacts' });
    this.filter = page.getByRole('search', { name: 'Filter' });
    this.counts = page.getByRole('region', { name: 'Counts' });
    this.storage = page.getByRole('region', { name: 'Storage' });
  }

  /** Waits until the board is open and shown. */
  async isOpen(): Promise<this> {
    await this.storage.getByText('Sequence').waitFor();
    return this;
  }

  /** Publishes what the form has, but for what is given, and waits until it is said that this is done. */
  async publish(draft: Draft = {}): Promise<void> {
    const sequence = Number(await this.figure('Sequence')) + 1;
    await this.submit(draft);
    await this.draft.getByText(`Published, sequence ${String(sequence)}.`).waitFor();
  }

  async submit({ type, payload, producer, tags }: Draft = {}): Promise<void> {
    if (type !== undefined) await this.draft.getByLabel('Type').selectOption(type);
    if (payload !== undefined) await this.draft.getByLabel('Payload').fill(payload);
    if (producer !== undefined) await this.draft.getByLabel('Producer').fill(producer);
    if (tags !== undefined) await this.draft.getByLabel('Tags').fill(tags);
    await this.draft.getByRole('button').click();
  }

  /** The button that consumes the artifact with this sequence. */
  consume(sequence: number): Locator {
    return this.artifacts.getByRole('button', { name: new RegExp(`sequence ${String(sequence)}$`) });
  }

  /** Waits until the list says so much, and no more, of how many there are. */
  async total(words: string): Promise<void> {
    await this.artifacts.getByText(words, { exact: true }).waitFor();
  }

  /** What the list shows of each artifact, in its order; its time is left out, and the button. */
  async listed(): Promise<string[]> {
    const texts = await this.artifacts.locator('ol > li').allInnerTexts();
    return texts.map((text) =>
      text
        .replace(/, [^,\n]*, \d{4}, .*$/m, '')
        .replace(/\s+Consume$/, '')
        .replace(/\s+/g, ' '),
    );
  }

  /** A figure of the storage line. */
  async figure(name: string): Promise<string> {
    return this.storage.locator(`dt:text-is("${name}") + dd`).innerText();
  }

  /** The rows of both tables, such as `scout 3`. */
  async counted(): Promise<string[]> {
    const rows = await this.counts.locator('tbody tr').allInnerTexts();
    return rows.map((text) => text.replace(/\s+/g, ' '));
  }
}
