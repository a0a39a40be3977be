/** Text in which `backticks` set code. */
export function WithCode({ text }: { text: string }) {
  let offset = 0;
  return text.split('`').map((part, index) => {
    const key = `${offset}`;
    offset += part.length + 1;
    return index % 2 === 1 ? <code key={key}>{part}</code> : <span key={key}>{part}</span>;
  });
}
