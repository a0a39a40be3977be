/** Times as senders write them: ISO 8601, with or without fractions and zone, as every SDK does. */

const iso = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?(?:Z|[+-](\d\d)(?::?(\d\d))?)?)?$/i;

const daysInMonth = (year: number, month: number): number =>
  new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();

/** Whether the text is a time in ISO 8601 that BigQuery's TIMESTAMP holds, in whatever zone it is written. */
export function isTime(text: string): boolean {
  const parts = iso.exec(text);
  if (!parts) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zoneHour = 0, zoneMinute = 0] = parts
    .slice(1)
    .map(part => Number(part ?? 0));
  // The first and the last year may be another one in UTC.
  if (year < 2 || year > 9998) return false;
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return false;
  return hour < 24 && minute < 60 && second < 61 && zoneHour < 19 && zoneMinute < 60;
}
