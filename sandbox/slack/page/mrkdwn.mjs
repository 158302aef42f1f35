import { h, textNodes } from './dom.mjs';

/** Slack's `mrkdwn` as nodes. `state` names people, groups and channels. */
export function mrkdwn(text, state) {
  const nodes = [];
  const parts = text.split(/```/);
  parts.forEach((part, i) => {
    if (i % 2 === 1) nodes.push(h('pre', { class: 'code-block' }, decode(part.replace(/^\n/, ''))));
    else nodes.push(...lines(part, state));
  });
  return nodes;
}

function lines(text, state) {
  const nodes = [];
  let quote = null;
  text.split('\n').forEach((line, i) => {
    if (line.startsWith('&gt;')) {
      if (!quote) nodes.push((quote = h('blockquote')));
      else quote.append(h('br'));
      quote.append(...inline(line.slice(4).trimStart(), state));
      return;
    }
    if (i > 0 && !quote) nodes.push(h('br'));
    quote = null;
    nodes.push(...inline(line, state));
  });
  return nodes;
}

const TOKEN =
  /<([^<>]+)>|`([^`]+)`|(?<![\w*])\*([^*\n]+)\*(?![\w*])|(?<![\w_])_([^_\n]+)_(?![\w_])|(?<![\w~])~([^~\n]+)~(?![\w~])/g;

function inline(text, state) {
  const nodes = [];
  let last = 0;
  for (const match of text.matchAll(TOKEN)) {
    nodes.push(...textNodes(decode(text.slice(last, match.index))));
    const [whole, special, code, bold, italic, struck] = match;
    if (special !== undefined) nodes.push(reference(special, state));
    else if (code !== undefined) nodes.push(h('code', {}, decode(code)));
    else if (bold !== undefined) nodes.push(h('strong', {}, inline(bold, state)));
    else if (italic !== undefined) nodes.push(h('em', {}, inline(italic, state)));
    else nodes.push(h('s', {}, inline(struck, state)));
    last = match.index + whole.length;
  }
  nodes.push(...textNodes(decode(text.slice(last))));
  return nodes;
}

/** `<@U…>`, `<#C…>`, `<!channel>`, `<!date^…>`, `<!subteam^…>` and links. */
function reference(body, state) {
  const [target, label] = splitOnce(body, '|');
  if (target.startsWith('@')) {
    const id = target.slice(1);
    return h('span', { class: id === state.as ? 'mention me' : 'mention' }, `@${state.people[id]?.name ?? id}`);
  }
  if (target.startsWith('#')) return h('span', { class: 'mention' }, `#${label ?? target.slice(1)}`);
  if (target.startsWith('!date^')) return h('time', {}, date(target, label));
  if (target.startsWith('!subteam^')) {
    const group = state.usergroups.find((g) => g.id === target.slice(9));
    return h('span', { class: 'mention' }, `@${group?.handle ?? label ?? 'group'}`);
  }
  if (target.startsWith('!')) return h('span', { class: 'mention everyone' }, `@${target.slice(1)}`);
  const href = decode(target);
  if (!/^https?:/.test(href)) return document.createTextNode(decode(label ?? target));
  return h('a', { href, target: '_blank', rel: 'noreferrer noopener' }, textNodes(decode(label ?? target)));
}

function date(target, fallback) {
  const [, seconds, format] = target.split('^');
  const when = new Date(Number(seconds) * 1000);
  if (Number.isNaN(when.getTime())) return decode(fallback ?? '');
  return format
    .replace('{date_short_pretty}', pretty(when))
    .replace('{date_pretty}', pretty(when))
    .replace('{date_short}', when.toLocaleDateString('en', { month: 'short', day: 'numeric', year: 'numeric' }))
    .replace('{time}', when.toLocaleTimeString('en', { hour: 'numeric', minute: '2-digit' }));
}

function pretty(when) {
  const day = (d) => new Date(d.getFullYear(), d.getMonth(), d.getDate()).getTime();
  const distance = Math.round((day(when) - day(new Date())) / 86_400_000);
  if (distance === 0) return 'today';
  if (distance === 1) return 'tomorrow';
  if (distance === -1) return 'yesterday';
  return when.toLocaleDateString('en', { month: 'short', day: 'numeric', year: 'numeric' });
}

function splitOnce(text, separator) {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

export function decode(text) {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
