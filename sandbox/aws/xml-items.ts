/** One element's text directly or deeper in `fragment`: the first of that name. Null when absent. */
export function firstText(fragment: string, tag: string): string | null {
  const open = `<${tag}>`;
  const from = fragment.indexOf(open);
  if (from < 0) return null;
  const to = fragment.indexOf(`</${tag}>`, from);
  return to < 0 ? null : fragment.slice(from + open.length, to);
}

/** Replaces the text of the first element of that name; an empty element counts. */
export function setText(fragment: string, tag: string, value: string): string {
  return fragment.replace(new RegExp(`<${tag}>[^<]*</${tag}>|<${tag}/>`), `<${tag}>${value}</${tag}>`);
}

/**
 * Maps the direct children of every `<set>` in an AWS answer. moto writes one line without attributes on items, so
 * counting opening and closing tags is enough and a hundred times cheaper than building a tree.
 */
export function mapItems(xml: string, set: string, edit: (item: string) => string, item = 'item'): string {
  const openSet = `<${set}>`;
  const tag = new RegExp(`<(/?)${item}>`, 'g');
  let out = '';
  let position = 0;
  for (let from = xml.indexOf(openSet); from >= 0; from = xml.indexOf(openSet, position)) {
    let cursor = from + openSet.length;
    out += xml.slice(position, cursor);
    // A set holds nothing but items, so it ends where something other than `<item>` follows.
    while (xml.startsWith(`<${item}>`, cursor)) {
      const end = endOfItem(xml, cursor, tag);
      out += edit(xml.slice(cursor, end));
      cursor = end;
    }
    position = cursor;
  }
  return out + xml.slice(position);
}

/** The direct children of the first `<set>`. */
export function items(xml: string, set: string, item = 'item'): string[] {
  const found: string[] = [];
  mapItems(
    xml,
    set,
    (fragment) => {
      found.push(fragment);
      return fragment;
    },
    item,
  );
  return found;
}

function endOfItem(xml: string, start: number, tag: RegExp): number {
  let depth = 0;
  tag.lastIndex = start;
  for (let match = tag.exec(xml); match; match = tag.exec(xml)) {
    depth += match[1] ? -1 : 1;
    if (depth === 0) return tag.lastIndex;
  }
  throw new Error('unbalanced XML from moto');
}
