const PERMISSIVE = new Set([
  ...['0BSD', 'AFL-2.1', 'Apache-2.0', 'Artistic-2.0', 'BlueOak-1.0.0', 'BSD', 'BSD-2-Clause', 'BSD-3-Clause'],
  ...['BSL-1.0', 'CC-BY-3.0', 'CC-BY-4.0', 'CC0-1.0', 'ISC', 'MIT', 'MIT-0', 'PostgreSQL', 'Python-2.0'],
  ...['Unicode-3.0', 'Unicode-DFS-2016', 'Unlicense', 'W3C', 'W3C-20150513', 'WTFPL', 'X11', 'Zlib'],
]);

/**
 * Tells whether a licence lets everyone use the package without giving anything back: an SPDX expression, in which AND
 * needs both sides, OR one, and AND binds tighter. What is not one is not permissive as far as anyone can tell.
 */
export function isPermissive(expression: string): boolean {
  const tokens = expression.match(/[()]|[^\s()]+/g) ?? [];
  let next = 0;

  const take = (token: string): boolean => {
    const isNext = tokens[next]?.toUpperCase() === token;
    if (isNext) next++;
    return isNext;
  };
  const either = (): boolean => {
    let isGood = both();
    while (take('OR')) isGood = both() || isGood;
    return isGood;
  };
  const both = (): boolean => {
    let isGood = one();
    while (take('AND')) isGood = one() && isGood;
    return isGood;
  };
  const one = (): boolean => {
    if (take('(')) {
      const isGood = either();
      return take(')') && isGood;
    }
    const isGood = PERMISSIVE.has(tokens[next++]?.replace(/\+$/, '') ?? '');
    // An exception only ever permits more.
    if (take('WITH')) next++;
    return isGood;
  };

  return either() && next === tokens.length;
}
