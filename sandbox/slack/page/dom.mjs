/** Builds an element; text always goes in as text, so nothing from a message can become markup. */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
  return node;
}

/** An icon from our own path data; never called with text from a message. */
export function svg(markup, size = 16, viewBox = '0 0 20 20') {
  const box = document.createElement('span');
  box.className = 'icon';
  box.setAttribute('aria-hidden', 'true');
  box.innerHTML = `<svg viewBox="${viewBox}" width="${size}" height="${size}" fill="none" xmlns="http://www.w3.org/2000/svg">${markup}</svg>`;
  return box;
}

const LINE = 'stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"';
const dot = (fill, edge) => `<circle cx="10" cy="10" r="7" fill="${fill}" stroke="${edge}" stroke-width="1.2"/>`;

/** Drawn here so that the page looks the same where no emoji font is installed. */
const EMOJI = {
  '🟢': ['green', dot('#2bac76', '#1f8a5d')],
  '🟡': ['yellow', dot('#f2c744', '#cfa31d')],
  '🟠': ['orange', dot('#ee8a33', '#c66d1d')],
  '🔴': ['red', dot('#e01e5a', '#b3134a')],
  '⭐': [
    'star',
    '<path d="M10 2l2.4 5 5.6.7-4.1 3.8 1.1 5.5-5-2.8-5 2.8 1.1-5.5L2 7.700l5.6-.7z" fill="#f2c744" stroke="#cfa31d"/>',
  ],
  '🚫': [
    'no',
    '<circle cx="10" cy="10" r="7" stroke="#e01e5a" stroke-width="2.4"/><path d="M5.2 5.200l9.6 9.6" stroke="#e01e5a" stroke-width="2.4"/>',
  ],
  '⏳': [
    'hourglass',
    '<path d="M5.5 3h9M5.5 17h9M6.5 3c0 4 7 5 7 7s-7 3-7 7M13.5 3c0 4-7 5-7 7s7 3 7 7" stroke="#8a6d3b" stroke-width="1.5"/><path d="M8 15.500h4l-2-2.500z" fill="#e0b252"/>',
  ],
  '⚠': [
    'warning',
    '<path d="M10 2.800l8 14H2z" fill="#f2c744" stroke="#b98a0e" stroke-linejoin="round"/><path d="M10 8v4M10 14.400v.2" stroke="#4a3500" stroke-width="1.8" stroke-linecap="round"/>',
  ],
  '✅': [
    'done',
    '<rect x="2.5" y="2.5" width="15" height="15" rx="3.5" fill="#2bac76"/><path d="M6 10.300l2.8 2.800L14.2 7.4" stroke="#fff" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/>',
  ],
  '☑': [
    'ticked',
    '<rect x="2.5" y="2.5" width="15" height="15" rx="3.5" fill="#1264a3"/><path d="M6 10.300l2.8 2.800L14.2 7.4" stroke="#fff" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/>',
  ],
  '❌': ['cross', '<path d="M5 5l10 10M15 5L5 15" stroke="#e01e5a" stroke-width="3" stroke-linecap="round"/>'],
  '💤': [
    'asleep',
    '<path d="M3 10h6l-6 7h6M11 3h6l-6 6h6" stroke="#5b6ee1" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>',
  ],
  '↩': [
    'back',
    '<path d="M8 5L4 9l4 4M4.5 9H12a4 4 0 010 8H9" stroke="#1264a3" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>',
  ],
  '👥': [
    'people',
    '<circle cx="7.5" cy="7" r="3" fill="#6b7c93"/><path d="M2 16.500c0-3 2.5-5 5.5-5s5.5 2 5.5 5z" fill="#6b7c93"/><circle cx="13.8" cy="7.6" r="2.4" fill="#9aa7b8"/><path d="M14.3 16.500H18c0-2.6-1.8-4.4-4.4-4.4" fill="#9aa7b8"/>',
  ],
  '💾': ['saved', '<path d="M3 3h11l3 3v11H3z" fill="#5b6b82"/><path d="M6 3h7v4H6zM6 11h8v6H6z" fill="#e8edf3"/>'],
};
const EMOJI_PATTERN = new RegExp(`(${Object.keys(EMOJI).join('|')})\ufe0f?`, 'gu');

/** Plain text as nodes, with the emoji we know drawn. */
export function textNodes(text) {
  const nodes = [];
  let last = 0;
  for (const match of text.matchAll(EMOJI_PATTERN)) {
    if (match.index > last) nodes.push(document.createTextNode(text.slice(last, match.index)));
    const [name, markup] = EMOJI[match[1]];
    const icon = svg(markup, '1.2em');
    icon.className = 'emoji';
    icon.removeAttribute('aria-hidden');
    icon.setAttribute('role', 'img');
    icon.setAttribute('aria-label', name);
    nodes.push(icon);
    last = match.index + match[0].length;
  }
  nodes.push(document.createTextNode(text.slice(last)));
  return nodes;
}

export const ICONS = {
  hash: `<path d="M7.5 3L6 17M14 3l-1.5 14M3.5 7.500h13.500M3 12.500h13.5" ${LINE}/>`,
  search: `<circle cx="9" cy="9" r="5.5" ${LINE}/><path d="M13.2 13.200L17 17" ${LINE}/>`,
  eye: `<path d="M2 10s3-5.5 8-5.500S18 10 18 10s-3 5.5-8 5.500S2 10 2 10z" ${LINE}/><circle cx="10" cy="10" r="2.3" ${LINE}/>`,
  close: `<path d="M5 5l10 10M15 5L5 15" ${LINE}/>`,
  send: '<path d="M3 3.500l14.5 6.500L3 16.500l2-5.5 6-1-6-1z" fill="currentColor"/>',
  plus: `<path d="M10 4v12M4 10h12" ${LINE}/>`,
  people: `<circle cx="8" cy="7" r="3" ${LINE}/><path d="M2.5 16.500c0-3 2.5-5 5.5-5s5.5 2 5.5 5M13 4.500a3 3 0 010 5.500M15 12c1.7.8 2.7 2.5 2.7 4.5" ${LINE}/>`,
  caret: `<path d="M6 8l4 4 4-4" ${LINE}/>`,
  app: '<rect width="36" height="36" rx="8" fill="#0b6e6e"/><path d="M9 20h7l-7 8h7" stroke="#fff" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"/><path d="M19 9h8l-8 9h8" stroke="#9fe3d5" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/>',
};
