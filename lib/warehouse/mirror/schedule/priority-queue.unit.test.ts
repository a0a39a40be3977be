import { expect, test } from 'vitest';
import { PriorityQueue } from '@/lib/warehouse/mirror/schedule/priority-queue';

test('items come out by their numbers, whatever the order they went in', () => {
  const queue = new PriorityQueue<string>();
  const numbers = Array.from({ length: 1_000 }, (_, index) => (index * 7_919) % 613);
  for (const [index, number] of numbers.entries()) {
    queue.push(number, String(number));
    if (index % 3 === 2) expect(queue.pop()?.order).toBeLessThanOrEqual(number);
  }
  const out: number[] = [];
  for (let next = queue.pop(); next; next = queue.pop()) {
    expect(next.item).toBe(String(next.order));
    out.push(next.order);
  }
  expect(out).toEqual(out.toSorted((a, b) => a - b));
  expect(queue.size).toBe(0);
  expect(queue.least).toBeUndefined();
});
