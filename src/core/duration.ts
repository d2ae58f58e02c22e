const DAY = 86_400_000;
/** Designators in the order ISO 8601 wants them, with their milliseconds; a year is 365 days, a month 30. */
const DATE_UNITS = [365 * DAY, 30 * DAY, 7 * DAY, DAY];
const TIME_UNITS = [3_600_000, 60_000, 1000];
const NUMBER = String.raw`(\d+(?:[.,]\d+)?)`;
const DURATION = new RegExp(
  `^P(?:${NUMBER}Y)?(?:${NUMBER}M)?(?:${NUMBER}W)?(?:${NUMBER}D)?(T(?:${NUMBER}H)?(?:${NUMBER}M)?(?:${NUMBER}S)?)?$`,
);

/**
 * Milliseconds of an ISO 8601 duration such as `PT1H30M`, `P7D`, `P2W` or `PT0.5S`; null for anything else.
 * Only the last part may have a fraction, as the standard says.
 */
export function parseDuration(text: string): number | null {
  const match = DURATION.exec(text);
  if (match === null) return null;
  const [years, months, weeks, days, time, hours, minutes, seconds] = match.slice(1);
  if (time === 'T') return null;
  const amounts = [years, months, weeks, days, hours, minutes, seconds];
  const last = amounts.findLastIndex((amount) => amount !== undefined);
  if (last === -1) return null;
  if (amounts.slice(0, last).some((amount) => amount?.match(/[.,]/))) return null;
  const units = [...DATE_UNITS, ...TIME_UNITS];
  const sum = units.reduce((before, unit, i) => before + Number(amounts[i]?.replace(',', '.') ?? 0) * unit, 0);
  // 0.07 hours are 252 seconds, and by the arithmetic of computers a little more.
  return Math.round(sum * 1000) / 1000;
}
