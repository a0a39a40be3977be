/** Colours of code, made on the server by shiki's grammars; its script never reaches a browser. */
import { LRUCache } from 'lru-cache';
import { createCssVariablesTheme, createHighlighterCore, type HighlighterCore } from 'shiki/core';
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript';
import bash from 'shiki/langs/bash.mjs';
import json from 'shiki/langs/json.mjs';
import python from 'shiki/langs/python.mjs';
import sql from 'shiki/langs/sql.mjs';
import typescript from 'shiki/langs/typescript.mjs';
import { escapedHtml } from '@/app/docs/_parts/inline-html';

export type CodeLanguage = 'bash' | 'json' | 'python' | 'sql' | 'typescript' | 'text';

/** Names of colours in our style sheet, short because each stands in the page as often as there are words. */
const classes: Record<string, string> = {
  'token-keyword': 'ck',
  'token-string': 'cs',
  'token-string-expression': 'cs',
  'token-comment': 'cc',
  'token-function': 'cf',
  'token-constant': 'cn',
};

const theme = createCssVariablesTheme({ name: 'ours', variablePrefix: '--', variableDefaults: {}, fontStyle: false });

let made: Promise<HighlighterCore> | undefined;
const highlighter = (): Promise<HighlighterCore> => {
  made ??= createHighlighterCore({
    themes: [theme],
    langs: [bash, json, python, sql, typescript],
    engine: createJavaScriptRegexEngine(),
  });
  return made;
};

/** All code of the documentation, a few times over: addresses are of the installation and keys are no part of samples. */
const kept = new LRUCache<string, string>({ max: 2_000 });

/** The code as HTML, each coloured word in a `<span>`; the text of it is the code, byte for byte. */
export async function highlighted(code: string, language: CodeLanguage): Promise<string> {
  if (language === 'text') return escapedHtml(code);
  const name = `${language}\n${code}`;
  const known = kept.get(name);
  if (known !== undefined) return known;
  const { tokens } = (await highlighter()).codeToTokens(code, { lang: language, theme: 'ours' });
  const html = tokens.map(line => line.map(({ content, color }) => coloured(content, color)).join('')).join('\n');
  kept.set(name, html);
  return html;
}

function coloured(content: string, color: string | undefined): string {
  const name = classes[color?.replace(/^var\(--|\)$/g, '') ?? ''];
  return name ? `<span class="${name}">${escapedHtml(content)}</span>` : escapedHtml(content);
}
