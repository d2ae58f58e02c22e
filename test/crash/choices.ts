/** Decisions made beforehand, so that a run can be seen again: the first of the alternatives when there are none left. */
export class Choices {
  readonly #numbers: readonly number[];
  #used = 0;

  constructor(numbers: readonly number[] = []) {
    this.#numbers = numbers;
  }

  /** A whole number from 0 up to, and without, `count`. */
  below(count: number): number {
    return count < 2 ? 0 : (this.#numbers[this.#used++] ?? 0) % count;
  }
}
