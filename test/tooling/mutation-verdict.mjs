// @ts-check

/**
 * @typedef {{ line: number, column: number }} Position
 * @typedef {{ mutatorName: string, replacement?: string, status: string, location: { start: Position, end: Position } }} Mutant
 * @typedef {{ files: Record<string, { source: string, mutants: Mutant[] }> }} MutationReport
 *
 * A mutant that no test noticed. It is known by its text and not by its line number, so that it is found again when
 * the code around it moves.
 * @typedef {{ file: string, line: string, mutator: string, original: string, replacement: string }} Survivor
 * @typedef {Survivor & { reason: string }} ExplainedSurvivor
 */

const DETECTED = new Set(['Killed', 'Timeout']);
const UNDETECTED = new Set(['Survived', 'NoCoverage']);

/**
 * The share of mutants under the folders that tests detected, in percent. Mutants that could not run (they did not
 * compile, or failed at run time) count for neither side.
 *
 * @param {MutationReport} report
 * @param {readonly string[]} folders
 */
export function scoreOf(report, folders) {
  const statuses = Object.entries(report.files)
    .filter(([path]) => folders.some((folder) => path.startsWith(`${folder}/`)))
    .flatMap(([, { mutants }]) => mutants.map(({ status }) => status));
  const detected = statuses.filter((status) => DETECTED.has(status)).length;
  const total = detected + statuses.filter((status) => UNDETECTED.has(status)).length;
  return { detected, total, score: total === 0 ? 0 : (100 * detected) / total };
}

/**
 * @param {MutationReport} report
 * @returns {(Survivor & { lineNumber: number })[]}
 */
export function survivorsOf(report) {
  return Object.entries(report.files).flatMap(([file, { source, mutants }]) => {
    const lines = source.split('\n');
    return mutants
      .filter(({ status }) => UNDETECTED.has(status))
      .map(({ mutatorName, replacement, location: { start, end } }) => ({
        file,
        lineNumber: start.line,
        line: shorten(lines[start.line - 1] ?? ''),
        mutator: mutatorName,
        original: shorten(textBetween(lines, start, end)),
        replacement: shorten(replacement ?? ''),
      }));
  });
}

/**
 * Each entry of the list explains one mutant; two equal mutants on one line need two entries.
 *
 * @template {Survivor} S
 * @param {readonly S[]} survivors
 * @param {readonly ExplainedSurvivor[]} list
 * @returns {{ unexplained: S[], stale: ExplainedSurvivor[] }} survivors that no entry explains, and entries that explain none
 */
export function compareWithList(survivors, list) {
  const stale = [...list];
  const unexplained = survivors.filter((survivor) => {
    const index = stale.findIndex((entry) => keyOf(entry) === keyOf(survivor) && entry.reason.trim() !== '');
    if (index !== -1) stale.splice(index, 1);
    return index === -1;
  });
  return { unexplained, stale };
}

/** @param {Survivor} survivor */
function keyOf({ file, line, mutator, original, replacement }) {
  return JSON.stringify([file, line, mutator, original, replacement]);
}

/**
 * @param {string[]} lines
 * @param {Position} start
 * @param {Position} end
 */
function textBetween(lines, start, end) {
  const text = lines.slice(start.line - 1, end.line);
  const last = text.length - 1;
  if (last < 0) return '';
  text[last] = text[last]?.slice(0, end.column - 1) ?? '';
  text[0] = text[0]?.slice(start.column - 1) ?? '';
  return text.join('\n');
}

/** @param {string} text */
function shorten(text) {
  const flat = text.replace(/\s+/g, ' ').trim();
  return flat.length > 120 ? `${flat.slice(0, 119)}…` : flat;
}
