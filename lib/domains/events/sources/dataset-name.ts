/** Which dataset a source may get, in the order of preference. Source: docs/spec/004-event-collection.md, Dataset Naming. */
import { datasetWord } from '@/lib/domains/customers/rules';
import { snakeCase } from '@/lib/domains/events/transform/snake-case';

/** BigQuery's own names, ours, and words of what may be ours one day. */
const reserved = /^(information_schema|metadata|tenant|events|ai|agent|(customers|google|bigquery|region|pg)(_.*)?)$/;

/** Far below BigQuery's 1,024 signs; a source's name has 80, some of which are written with several letters. */
const longest = 300;

export type Named = { name: string; companyName: string };

/** snake_case of the source's name, and the same with the company's in front, which numbers follow. */
export function datasetStems({ name, companyName }: Named): { own: string; withCompany: string } {
  const own = snakeCase(name).slice(0, longest).replace(/_$/, '') || 'source';
  return { own, withCompany: `${datasetWord(companyName)}_${own}` };
}

/** A dataset that begins with a digit would need quotes in each query, one with `_` is hidden. */
const isPlain = (name: string): boolean => /^[a-z]/.test(name) && !reserved.test(name);

/**
 * The first `count` names for a source that are not `taken`: its own in snake_case, then the company's in front, then a
 * number. The same name and `taken` give the same answer.
 */
export function datasetNames(source: Named, taken: ReadonlySet<string>, count: number): string[] {
  const { own, withCompany } = datasetStems(source);
  const names = isPlain(own) && !taken.has(own) ? [own] : [];
  for (let number = 1; names.length < count; number++) {
    const name = number === 1 ? withCompany : `${withCompany}_${number}`;
    if (!taken.has(name)) names.push(name);
  }
  return names;
}
