/** Words and literals of the tree must be those that the desk read itself, sign for sign, or one of the two has misread the text. */
import type { Tokens } from '@/lib/domains/desk/check/lexical';
import type { TreeNode } from '@/lib/domains/desk/check/parse-tree';
import { RefusedText } from '@/lib/domains/desk/check/refused-text';

type Leaf = { text: string; start: number; end: number };

/** Every node that carries text, wherever it hangs; without recursion, since nothing is known of the tree's depth here. */
function leavesOf(tree: TreeNode): Leaf[] {
  const leaves: Leaf[] = [];
  const left: unknown[] = [tree];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value !== 'object' || value === null) continue;
    const { text, range } = value as { text?: unknown; range?: unknown };
    if (typeof text === 'string') {
      const [start, end] = Array.isArray(range) ? range : [];
      if (typeof start !== 'number' || typeof end !== 'number') throw new RefusedText('The text cannot be read.');
      leaves.push({ text, start, end });
    }
    for (const each of Object.values(value)) left.push(each);
  }
  return leaves.sort((a, b) => a.start - b.start);
}

/** Throws RefusedText where the tree differs from the tokens of the text that was parsed. */
export function checkAgreement(tree: TreeNode, { plain, tokens }: Tokens): void {
  const leaves = leavesOf(tree);
  const read = tokens.filter(token => token.kind !== 'sign');
  for (const [index, token] of read.entries()) {
    const leaf = leaves[index];
    const same = leaf?.start === token.start && leaf.end === token.end && leaf.text === token.text;
    if (!same || plain.slice(token.start, token.end) !== token.text)
      throw new RefusedText('The text can be read in more than one way here; write it more plainly.', token.start);
  }
  const more = leaves[read.length];
  if (more) throw new RefusedText('The text can be read in more than one way here.', more.start);
}
