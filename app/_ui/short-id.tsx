/** An id as people meet it: small, in one width, cut to its start where it is long; the whole is marked by one click and stands in its title. */

type Props = {
  id: string;
  /** The whole id, for details where it is read out or compared. */
  whole?: boolean;
};

const shownSigns = 12;

/** The cut is drawn by CSS alone, so that what is marked and copied is the whole id. */
export function ShortId({ id, whole = false }: Props) {
  const isCut = !whole && id.length > shownSigns + 1;
  return (
    <code className={isCut ? 'short-id short-id-cut' : 'short-id'} title={isCut ? id : undefined}>
      {id}
    </code>
  );
}
