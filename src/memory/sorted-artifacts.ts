import { compareArtifacts, type StoredArtifact } from '../core/fact.ts';

/** Artifacts in the board's order, (createdAt, id). Adding at the end, where time puts most of them, costs nothing extra. */
export class SortedArtifacts {
  readonly #artifacts: StoredArtifact[] = [];

  get length(): number {
    return this.#artifacts.length;
  }

  add(artifact: StoredArtifact): void {
    this.#artifacts.splice(this.#place(artifact), 0, artifact);
  }

  remove(artifact: StoredArtifact): void {
    this.#artifacts.splice(this.#place(artifact), 1);
  }

  /** Those created from `start` to `end`, both inclusive. */
  between(start = -Infinity, end = Infinity): StoredArtifact[] {
    return this.#artifacts.slice(
      this.countBefore(start),
      this.#firstIndex(({ createdAt }) => createdAt > end),
    );
  }

  /** Returns those that were removed. */
  removeBefore(instant: number): StoredArtifact[] {
    return this.#artifacts.splice(0, this.countBefore(instant));
  }

  countBefore(instant: number): number {
    return this.#firstIndex(({ createdAt }) => createdAt >= instant);
  }

  /** Where the artifact is, or belongs. */
  #place(artifact: StoredArtifact): number {
    const last = this.#artifacts.at(-1);
    if (last === undefined || compareArtifacts(last, artifact) < 0) return this.#artifacts.length;
    return this.#firstIndex((other) => compareArtifacts(other, artifact) >= 0);
  }

  /** The first index whose artifact passes, by bisection: all after one that passes must pass. */
  #firstIndex(passes: (artifact: StoredArtifact) => boolean): number {
    let low = 0;
    let high = this.#artifacts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const artifact = this.#artifacts[middle];
      if (artifact !== undefined && passes(artifact)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
