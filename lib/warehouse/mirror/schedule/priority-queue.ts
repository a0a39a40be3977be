/** A binary heap: the item with the smallest number comes first. */

export class PriorityQueue<Item> {
  readonly #heap: { order: number; item: Item }[] = [];

  get size(): number {
    return this.#heap.length;
  }

  /** The smallest number, undefined when empty. */
  get least(): number | undefined {
    return this.#heap[0]?.order;
  }

  push(order: number, item: Item): void {
    const heap = this.#heap;
    const entry = { order, item };
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as typeof entry;
      if (above.order <= order) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = entry;
  }

  /** Takes the first item out; undefined when empty. */
  pop(): { order: number; item: Item } | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      const right = heap[child + 1];
      if (right && right.order < (heap[child] as typeof last).order) child++;
      const below = heap[child] as typeof last;
      if (below.order >= last.order) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}
