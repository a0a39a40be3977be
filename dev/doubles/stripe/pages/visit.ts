/** A visit to one of the double's pages. */

/** A page's request: the id and what follows it in the path, and the form where it was sent. */
export type Visit = { id: string; rest: string; form: URLSearchParams | null };
