/**
 * The element of the page with this id.
 *
 * @throws Error when there is none of this kind
 */
export function find<E extends HTMLElement>(kind: new () => E, id: string): E {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`The page has no ${kind.name} "${id}"`);
  return found;
}

/** A new element. What is not an element is put in as text, never as HTML. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]>,
  ...content: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...content);
  return element;
}

/** Gives an element these children. Those that stay are not moved, and keep the focus of the keyboard. */
export function arrange(parent: HTMLElement, children: readonly HTMLElement[]): void {
  const kept = new Set<Element>(children);
  for (const child of Array.from(parent.children)) if (!kept.has(child)) child.remove();
  for (const [i, child] of children.entries()) {
    if (parent.children[i] !== child) parent.insertBefore(child, parent.children[i] ?? null);
  }
}

/** Fills a table: its first column names the rows. */
export function fillTable(
  table: HTMLTableElement,
  head: readonly string[],
  rows: readonly (readonly [name: string, ...figures: (number | string)[]])[],
): void {
  const columns = head.map((text) => make('th', { scope: 'col' }, text));
  const lines = rows.map(([name, ...figures]) =>
    make('tr', {}, make('th', { scope: 'row' }, name), ...figures.map((figure) => make('td', {}, String(figure)))),
  );
  table.replaceChildren(make('thead', {}, make('tr', {}, ...columns)), make('tbody', {}, ...lines));
}
