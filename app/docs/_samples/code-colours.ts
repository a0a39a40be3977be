/** One theme for all code: shiki's words become short names of colours in our style sheet. */
import { createCssVariablesTheme } from 'shiki/core';

/** Short because each stands in the page as often as there are words. */
const classes: Record<string, string> = {
  'token-keyword': 'ck',
  'token-string': 'cs',
  'token-string-expression': 'cs',
  'token-comment': 'cc',
  'token-function': 'cf',
  'token-constant': 'cn',
};

export const colourTheme = {
  ...createCssVariablesTheme({ variablePrefix: '--', variableDefaults: {}, fontStyle: false }),
  name: 'ours',
};

/** The class of a token by the colour that the theme gave it; none for plain text. */
export const colourClass = (color: string | undefined): string | undefined =>
  classes[color?.replace(/^var\(--|\)$/g, '') ?? ''];
