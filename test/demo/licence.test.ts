import { expect, it } from 'vitest';
import { isPermissive } from './licence.ts';

it.each([
  'MIT',
  '(MIT)',
  'MIT OR GPL-3.0-only',
  '(GPL-2.0 OR Apache-2.0)',
  'MIT AND (ISC OR GPL-2.0)',
  'GPL-2.0 AND ISC OR MIT',
  'Apache-2.0 WITH LLVM-exception',
  'Zlib or 0BSD',
])('%s is permissive', (expression) => {
  expect(isPermissive(expression)).toBe(true);
});

it.each([
  '',
  'GPL-3.0-only',
  'MIT AND GPL-2.0',
  'MIT AND ISC AND GPL-2.0',
  'GPL-2.0 OR MIT AND LGPL-3.0',
  '(MIT',
  'MIT)',
  'MIT ISC',
  'MIT OR',
  'MIT AND',
  'UNLICENSED',
  'SEE LICENSE IN LICENSE.md',
])('"%s" is not permissive', (expression) => {
  expect(isPermissive(expression)).toBe(false);
});
