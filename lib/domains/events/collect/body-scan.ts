/**
 * One look over the bytes of a body, without parsing it: how deep it is nested, how many bytes each item of its batch has, and
 * whether it has what only a rare body has, so that the others are not walked for it.
 */

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const [smallU, smallE, bigE] = [0x75, 0x65, 0x45];
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];
const [zero, nine] = [0x30, 0x39];
const batchName = Buffer.from('batch');
/** A double holds no whole number of more digits than 309. */
const longNumber = 300;

export type BodyScan = {
  /** Levels of objects and lists. */
  depth: number;
  /** Objects and lists, and names in them. */
  containers: number;
  names: number;
  /** Bytes of each item of the list `batch` of the outermost object, as sent; empty where there is none. */
  itemBytes: number[];
  /** Escapes of four digits, which may be a NUL or half a character. */
  hasEscapes: boolean;
  /** Exponents or very long numbers, which may be beyond a double. */
  hasGreatNumbers: boolean;
};

/** Index of the quote that ends the text which starts at `start`. */
function endOfText(bytes: Buffer, start: number, scan: BodyScan): number {
  let at = start + 1;
  for (; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) return at;
    if (byte !== backslash) continue;
    at += 1;
    if (bytes[at] === smallU) scan.hasEscapes = true;
  }
  return at;
}

const isBatchName = (bytes: Buffer, start: number, end: number): boolean =>
  end - start === batchName.length + 1 && bytes.compare(batchName, 0, batchName.length, start + 1, end) === 0;

function isBlank(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if ((bytes[at] as number) > 0x20) return false;
  return true;
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= zero && byte <= nine;

/** Sizes and depth of what is JSON; of anything else whatever it comes to, as the parser refuses that. */
export function scanBody(bytes: Buffer): BodyScan {
  const scan: BodyScan = {
    depth: 0,
    containers: 0,
    names: 0,
    itemBytes: [],
    hasEscapes: false,
    hasGreatNumbers: false,
  };
  let level = 0;
  let namesBatch = false;
  /** Start of the item that is being read; -1 outside of the batch. */
  let itemStart = -1;
  let digits = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte >= zero && byte <= nine) {
      digits += 1;
      if (digits > longNumber) scan.hasGreatNumbers = true;
      continue;
    }
    digits = 0;
    if (byte === quote) {
      const end = endOfText(bytes, at, scan);
      if (level === 1) namesBatch = isBatchName(bytes, at, end);
      at = end;
    } else if (byte === openList || byte === openObject) {
      level += 1;
      scan.containers += 1;
      if (level > scan.depth) scan.depth = level;
      if (level !== 2 || byte !== openList || !namesBatch) continue;
      scan.itemBytes = [];
      itemStart = at + 1;
    } else if (byte === closeList || byte === closeObject) {
      level -= 1;
      if (level !== 1 || itemStart < 0) continue;
      if (scan.itemBytes.length > 0 || !isBlank(bytes, itemStart, at)) scan.itemBytes.push(at - itemStart);
      itemStart = -1;
    } else if (byte === colon) scan.names += 1;
    else if (byte === comma && level === 2 && itemStart >= 0) {
      scan.itemBytes.push(at - itemStart);
      itemStart = at + 1;
    } else if ((byte === smallE || byte === bigE) && isDigit(bytes[at - 1])) scan.hasGreatNumbers = true;
  }
  return scan;
}
