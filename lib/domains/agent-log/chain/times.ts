/** Instants as the chain writes them: UTC with six digits of a second, as BigQuery keeps them. */

const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

/** An instant in microseconds since 1970 as text. */
export function microText(micros: number): string {
  const seconds = Math.floor(micros / 1_000_000);
  const part = String(micros - seconds * 1_000_000).padStart(6, '0');
  return `${new Date(seconds * 1_000).toISOString().slice(0, 19)}.${part}Z`;
}

/** The instant of a text in our form, in microseconds; null for any other text and for days that no month has. */
export function microsOf(text: string): number | null {
  if (!form.test(text)) return null;
  const seconds = Date.parse(`${text.slice(0, 19)}Z`) / 1_000;
  if (Number.isNaN(seconds)) return null;
  const micros = seconds * 1_000_000 + Number(text.slice(20, 26));
  return microText(micros) === text ? micros : null;
}

/** A clock's instant in our form. */
export const instantText = (at: Date): string => microText(at.getTime() * 1_000);
