/** The theme choice: a cookie read on the server, so there is no flash and no script. */

export const themeCookie = 'theme';
export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** The theme a cookie value names; anything else follows the system. */
export function toTheme(value: string | undefined): Theme {
  return themes.find(theme => theme === value) ?? 'system';
}

export const themeWords: Record<Theme, string> = { system: 'Same as system', light: 'Light', dark: 'Dark' };
