/** Colours of the editor's text, loaded with its first focus: a layer behind the text area that says the same words. */
import { createHighlighterCore } from 'shiki/core';
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript';
import sql from 'shiki/langs/sql.mjs';
import { colourClass, colourTheme } from '@/app/docs/_samples/code-colours';

/** Beyond it a text stays plain, so that typing is never behind. */
const longestColoured = 12_000;

/** Keeps `layer` as the text of `area` is, in colours. */
export async function colourEditor(area: HTMLTextAreaElement, layer: HTMLElement): Promise<void> {
  const highlighter = await createHighlighterCore({
    themes: [colourTheme],
    langs: [sql],
    engine: createJavaScriptRegexEngine(),
  });
  const draw = () => {
    const isColoured = area.value !== '' && area.value.length <= longestColoured;
    area.toggleAttribute('data-coloured', isColoured);
    if (!isColoured) return layer.replaceChildren();
    const { tokens } = highlighter.codeToTokens(area.value, { lang: 'sql', theme: colourTheme.name });
    layer.replaceChildren(
      ...tokens.flatMap((line, at) => [
        ...(at > 0 ? ['\n'] : []),
        ...line.map(({ content, color }) => coloured(content, colourClass(color))),
      ]),
    );
  };
  area.addEventListener('input', draw);
  draw();
}

function coloured(content: string, name: string | undefined): string | HTMLElement {
  if (!name) return content;
  const word = document.createElement('span');
  word.className = name;
  word.textContent = content;
  return word;
}
