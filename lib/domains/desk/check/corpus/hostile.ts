/** Texts that try to read, change or break what is not the customer's, by what they try. */
import { datasetGroups } from '@/lib/domains/desk/check/corpus/hostile/datasets';
import { functionGroups } from '@/lib/domains/desk/check/corpus/hostile/functions';
import { literalGroups } from '@/lib/domains/desk/check/corpus/hostile/literals';
import { nameGroups } from '@/lib/domains/desk/check/corpus/hostile/names';
import { shapeGroups } from '@/lib/domains/desk/check/corpus/hostile/shapes';
import { statementGroups } from '@/lib/domains/desk/check/corpus/hostile/statements';
import type { HostileGroup, Targets } from '@/lib/domains/desk/check/corpus/targets';

export const hostileGroups: readonly HostileGroup[] = [
  ...datasetGroups,
  ...literalGroups,
  ...nameGroups,
  ...statementGroups,
  ...functionGroups,
  ...shapeGroups,
];

/** All texts, each once. */
export const hostileTexts = (targets: Targets): string[] => [
  ...new Set(hostileGroups.flatMap(group => group.texts(targets))),
];
