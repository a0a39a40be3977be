/** Draws the parts of a section. */
import { LinkButton } from '@/app/_ui/button';
import type { Block } from '@/app/docs/_content/types';
import { CallView } from '@/app/docs/_parts/call-view';
import { CodeView, SampleView } from '@/app/docs/_parts/code-view';
import { Inline } from '@/app/docs/_parts/inline';
import { ScrollBox } from '@/app/docs/_parts/scroll-box';
import type { Language } from '@/app/docs/_samples/languages';

type Table = Extract<Block, { head: readonly string[] }>;

const TableView = ({ caption, head, rows }: Table) => (
  <ScrollBox label={`Table: ${caption}`}>
    <table className="table">
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr>
          {head.map(name => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([first = '', ...others]) => (
          <tr key={first}>
            <th scope="row">
              <Inline text={first} />
            </th>
            {others.map((text, index) => (
              <td key={head[index + 1]}>
                <Inline text={text} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </ScrollBox>
);

type Terms = Extract<Block, { terms: unknown }>;

const TermsView = ({ terms }: Terms) => (
  <dl className="docs-terms">
    {terms.map(({ term, text, id }) => (
      <div key={term} id={id}>
        <dt>
          {id ? (
            <a href={`#${id}`} className="link-quiet">
              <code>{term}</code>
            </a>
          ) : (
            <code>{term}</code>
          )}
        </dt>
        <dd>
          <Inline text={text} />
        </dd>
      </div>
    ))}
  </dl>
);

export function BlockView({ block, language }: { block: Block; language: Language }) {
  if (typeof block === 'string')
    return (
      <p>
        <Inline text={block} />
      </p>
    );
  if ('list' in block) {
    const items = block.list.map(text => (
      <li key={text}>
        <Inline text={text} />
      </li>
    ));
    return block.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
  }
  if ('head' in block) return <TableView {...block} />;
  if ('terms' in block) return <TermsView {...block} />;
  if ('sample' in block) return <SampleView sample={block.sample} language={language} />;
  if ('code' in block) return <CodeView {...block} />;
  if ('tryIt' in block)
    return (
      <p className="docs-try">
        <LinkButton href={block.href} icon="chevron-right">
          {block.tryIt}
        </LinkButton>
      </p>
    );
  if ('call' in block) return <CallView call={block.call} language={language} />;
  return block satisfies never;
}
