import { cardNodes } from './card.mjs';
import { h, ICONS, svg, textNodes } from './dom.mjs';

const COLOURS = ['#4f6bed', '#8764b8', '#038387', '#ca5010', '#986f0b', '#c239b3'];

export function avatar(state, id, size = 32) {
  const person = state.people[id];
  if (!person) return h('span', { class: 'avatar app', style: `--s:${size}px` }, svg(ICONS.app, size, '0 0 36 36'));
  const initials = person.name
    .split(' ')
    .map((n) => n[0])
    .join('')
    .slice(0, 2);
  const colour = COLOURS[Object.keys(state.people).indexOf(id) % COLOURS.length];
  return h('span', { class: 'avatar', style: `--s:${size}px;background:${colour}`, 'aria-hidden': 'true' }, initials);
}

const clock = (id) => new Date(Number(id)).toLocaleTimeString('en', { hour: 'numeric', minute: '2-digit' });

/** A post with its card, what Teams said to the acting person under it, and its replies. */
export function post(message, state, { interact, memoryOf, unfolded, toggle }) {
  const replies = state.messages.filter((m) => m.threadOf === message.id);
  const shown = unfolded ? replies : replies.slice(-2);
  return h(
    'article',
    { class: 'post', 'data-id': message.id },
    content(message, state, { interact, memoryOf }),
    state.notes
      .filter((n) => n.messageId === message.id)
      .slice(-1)
      .map(note),
    replies.length > shown.length || (unfolded && replies.length > 2)
      ? h(
          'button',
          { type: 'button', class: 'fold', 'data-thread': message.id, onclick: toggle },
          unfolded
            ? 'Show fewer replies'
            : `${replies.length - shown.length} more ${replies.length - shown.length === 1 ? 'reply' : 'replies'}`,
        )
      : null,
    h(
      'div',
      { class: 'replies' },
      shown.map((reply) => content(reply, state, { interact, memoryOf })),
    ),
  );
}

function content(message, state, { interact, memoryOf }) {
  return h(
    'div',
    { class: 'message', 'data-message': message.id },
    avatar(state, 'app'),
    h(
      'div',
      { class: 'm-body' },
      h(
        'div',
        { class: 'm-head' },
        h('strong', {}, state.tenant.appName),
        h('time', {}, clock(message.id)),
        message.edited ? h('span', { class: 'edited' }, 'Edited') : null,
      ),
      // The app writes plain text, in which Teams interprets nothing.
      message.text ? h('div', { class: 'm-text' }, textNodes(message.text)) : null,
      message.card
        ? h(
            'div',
            { class: 'card' },
            cardNodes(message.card, { interact: interact(message), memory: memoryOf(message.id), state }),
          )
        : null,
    ),
  );
}

const note = (entry) =>
  h(
    'div',
    { class: entry.problem ? 'note problem' : 'note', role: 'status' },
    svg(ICONS.eye, 14),
    h('span', {}, textNodes(entry.text)),
    h('span', { class: 'only' }, 'Only you can see this'),
  );
