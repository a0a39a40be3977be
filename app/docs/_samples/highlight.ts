/** Colours of code, made on the server by shiki's grammars; its script never reaches a browser. */
import { LRUCache } from 'lru-cache';
import { createHighlighterCore, type HighlighterCore } from 'shiki/core';
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript';
import bash from 'shiki/langs/bash.mjs';
import json from 'shiki/langs/json.mjs';
import python from 'shiki/langs/python.mjs';
import sql from 'shiki/langs/sql.mjs';
import typescript from 'shiki/langs/typescript.mjs';
import { escapedHtml } from '@/app/docs/_parts/inline-html';
import { colourClass, colourTheme } from '@/app/docs/_samples/code-colours';

export type CodeLanguage = 'bash' | 'json' | 'python' | 'sql' | 'typescript' | 'text';

let made: Promise<HighlighterCore> | undefined;
const highlighter = (): Promise<HighlighterCore> => {
  made ??= createHighlighterCore({
    themes: [colourTheme],
    langs: [bash, json, python, sql, typescript],
    engine: createJavaScriptRegexEngine(),
  });
  return made;
};

/** All code of the documentation, a few times over: addresses are of the installation and keys are no part of samples. */
const kept = new LRUCache<string, string>({ max: 2_000 });

/** The code as HTML, each coloured word in a `<span>`; the text of it is the code, byte for byte. Samples only: it is kept. */
export async function highlighted(code: string, language: CodeLanguage): Promise<string> {
  const name = `${language}\n${code}`;
  const known = kept.get(name);
  if (known !== undefined) return known;
  const html = await highlightedOnce(code, language);
  kept.set(name, html);
  return html;
}

/** The same for a text that somebody wrote, which would fill the memory of the process and push the samples out of it. */
export async function highlightedOnce(code: string, language: CodeLanguage): Promise<string> {
  if (language === 'text') return escapedHtml(code);
  const { tokens } = (await highlighter()).codeToTokens(code, { lang: language, theme: colourTheme.name });
  return tokens.map(line => line.map(({ content, color }) => coloured(content, color)).join('')).join('\n');
}

function coloured(content: string, color: string | undefined): string {
  const name = colourClass(color);
  return name ? `<span class="${name}">${escapedHtml(content)}</span>` : escapedHtml(content);
}
