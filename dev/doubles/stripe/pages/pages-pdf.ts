/** A PDF of plain lines, by hand: one A4 page a 48 lines, in Helvetica. */

const linesPerPage = 48;

/** Text of the standard fonts' Latin-1, with PDF's own characters escaped; what it has no sign for becomes `?`. */
const literal = (text: string): string =>
  text
    .replaceAll(/[–—]/g, '-')
    .replaceAll('×', 'x')
    .replaceAll(/[^\x20-\x7e\xa0-\xff]/g, '?')
    .replaceAll(/[\\()]/g, '\\$&');

function contentOf(lines: string[]): string {
  const shown = lines.map(line => `(${literal(line)}) Tj T*`).join('\n');
  const stream = `BT /F1 11 Tf 15 TL 56 780 Td\n${shown}\nET`;
  return `<< /Length ${Buffer.byteLength(stream, 'latin1')} >>\nstream\n${stream}\nendstream`;
}

/** The objects of a document, from 1 on: catalog, pages, font, then each page and its content. */
function objectsOf(lines: string[]): string[] {
  const pages: string[][] = [];
  for (let at = 0; at < Math.max(1, lines.length); at += linesPerPage) pages.push(lines.slice(at, at + linesPerPage));
  const kids = pages.map((_, index) => `${4 + index * 2} 0 R`).join(' ');
  return [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    ...pages.flatMap((page, index) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + index * 2} 0 R >>`,
      contentOf(page),
    ]),
  ];
}

/** The document's bytes. */
export function pdfOf(lines: string[]): Uint8Array<ArrayBuffer> {
  const objects = objectsOf(lines);
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const at = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const table = offsets.map(at => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  text += `xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`;
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}
