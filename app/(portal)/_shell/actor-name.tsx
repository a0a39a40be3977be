/** Who did something, by name wherever it is shown; an API key leads to its own page. */
import { cache } from 'react';
import { Link } from '@/app/_ui/link';
import { type ActorNames, actorText, readActorNames } from '@/lib/domains/team/actor-names';
import { requireMember } from '@/lib/edge/portal/page';

const keyLabel = /^api_key:([\w-]{1,64})$/;

type Wanted = { labels: Set<string>; answer: Promise<ActorNames> };

/** Names that one page asks for: a table's rows are read together, not one by one. */
const requestNames = cache(() => {
  let wanted: Wanted | undefined;
  return (label: string): Promise<ActorNames> => {
    if (!wanted) {
      const labels = new Set<string>();
      const answer = new Promise(resolve => setImmediate(resolve)).then(async () => {
        wanted = undefined;
        return readActorNames((await requireMember()).ctx, [...labels]);
      });
      wanted = { labels, answer };
    }
    wanted.labels.add(label);
    return wanted.answer;
  };
});

type Props = {
  /** What a `created_by` column holds: an address, `api_key:<id>`, `service:<id>`, `system`, …; null where nobody is known. */
  label: string | null;
  /** Shows of a key its name alone, where the words beside say that it is one. */
  isShort?: boolean;
};

/** "Mia Kern", "API key “ci-loader”", "Tenantry"; a dash where nobody is known. */
export async function ActorName({ label, isShort }: Props) {
  if (!label) return '–';
  const names = await requestNames()(label);
  const name = names.get(label);
  const keyId = keyLabel.exec(label)?.[1];
  if (!name || !keyId) return <span className="wrap-anywhere">{actorText(label, names)}</span>;
  return (
    <Link className="link wrap-anywhere" href={`/keys/${keyId}`}>
      {isShort && <span className="sr-only">API key </span>}
      {isShort ? name : actorText(label, names)}
    </Link>
  );
}
