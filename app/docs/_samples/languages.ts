/** The languages that every sample is written in. */

export const languages = ['curl', 'python', 'typescript'] as const;
export type Language = (typeof languages)[number];

export const languageNames: Record<Language, string> = { curl: 'curl', python: 'Python', typescript: 'TypeScript' };

/** The cookie that keeps the reader's language, so that the page comes in it and nothing moves. */
export const languageCookie = 'docs_language';

/** The language that a cookie names; anything else is curl, which needs nothing installed. */
export const toLanguage = (value: string | undefined): Language =>
  languages.find(language => language === value) ?? 'curl';

export type Sample = {
  /** Unique among all samples; tests name it. */
  id: string;
  /** What it does: "Start a run". */
  title: string;
  code: Record<Language, string>;
  /** Packages that a language needs, as they are installed. */
  install?: Partial<Record<Language, string>>;
};
