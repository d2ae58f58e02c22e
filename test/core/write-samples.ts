import { Stamps } from '../../src/core/stamps.ts';
import { idOf } from './samples.ts';

export const NOW = 1_700_000_000_000;
export const TEXT = 'must be a string without lone surrogates';
export const DATE = 'must be a Date in the years 1 to 9999';

export function stamps(): Stamps {
  return new Stamps(
    () => new Date(NOW),
    () => idOf(7),
  );
}
