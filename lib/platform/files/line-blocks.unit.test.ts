import { describe, expect, it } from 'vitest';
import { type LineBlock, lineBlocks } from '@/lib/platform/files/line-blocks';

/** Pieces in one memory, as a file is read. */
async function* inPieces(text: Buffer, bytes: number) {
  const memory = Buffer.alloc(bytes);
  for (let at = 0; at < text.length; at += bytes) yield memory.subarray(0, text.copy(memory, 0, at, at + bytes));
}

async function cut(text: string, { pieceBytes = 3, blockBytes = 8, lineBytes = 10 } = {}): Promise<LineBlock[]> {
  const blocks: LineBlock[] = [];
  for await (const block of lineBlocks(inPieces(Buffer.from(text), pieceBytes), { blockBytes, lineBytes }))
    blocks.push({ ...block, bytes: Buffer.from(block.bytes) });
  return blocks;
}
const short = (blocks: LineBlock[]) =>
  blocks.map(({ bytes, isTooLong, isOpen }) => `${isTooLong ? 'long ' : ''}${isOpen ? 'open ' : ''}${bytes}`);

describe('blocks of lines', () => {
  it('give back every byte in order, however the text arrives', async () => {
    const text = 'a\n\nbb\r\nééé\n\u2028x\n1234567890\nlast';
    for (const pieceBytes of [1, 2, 3, 5, 7, 100]) {
      const blocks = await cut(text, { pieceBytes });
      expect(Buffer.concat(blocks.map(({ bytes }) => bytes)).toString(), `pieces of ${pieceBytes}`).toBe(text);
      expect(blocks.reduce((sum, { size }) => sum + size, 0)).toBe(Buffer.byteLength(text));
      for (const { bytes, isOpen } of blocks.slice(0, -1)) {
        expect(isOpen).toBe(false);
        expect(bytes.at(-1)).toBe(10);
      }
    }
  });

  it('set a line that is too long aside, exactly from one byte over, and go on behind it', async () => {
    expect(short(await cut('a\n12345678901\nb\n', { pieceBytes: 4 }))).toEqual(['a\n', 'long 12345678901\n', 'b\n']);
    expect(short(await cut('1234567890\n', { pieceBytes: 4 }))).toEqual(['1234567890\n']);
  });

  it('hold little of a line without end', async () => {
    const [block] = await cut('x'.repeat(1_000_000), { pieceBytes: 1_000, lineBytes: 50_000 });
    expect(block).toMatchObject({ isTooLong: true, isOpen: true, size: 1_000_000 });
    expect(block?.bytes.length).toBeLessThanOrEqual(16_384);
  });

  it('say of the last line whether it was ended', async () => {
    expect(short(await cut('a\nb'))).toEqual(['a\n', 'open b']);
    expect(short(await cut('a\nb\n'))).toEqual(['a\nb\n']);
    expect(await cut('')).toEqual([]);
  });
});
