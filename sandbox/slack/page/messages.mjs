import { blocks } from './blocks.mjs';
import { h, ICONS, svg } from './dom.mjs';
import { mrkdwn } from './mrkdwn.mjs';

const COLOURS = ['#7c3085', '#1264a3', '#b8452f', '#2f7d5b', '#5a6472', '#a3661b'];

export function avatar(state, user, size = 36) {
  if (user === state.workspace.botUserId)
    return h('span', { class: 'avatar', style: `--s:${size}px` }, svg(ICONS.app, size, '0 0 36 36'));
  const person = state.people[user];
  const names = (person?.name ?? '?').split(' ');
  const at = Object.keys(state.people).indexOf(user);
  return h(
    'span',
    {
      class: 'avatar letters',
      style: `--s:${size}px;background:${COLOURS[Math.max(at, 0) % COLOURS.length]}`,
      'aria-hidden': 'true',
    },
    names
      .map((n) => n[0])
      .join('')
      .slice(0, 2),
  );
}

export const clock = (ts) =>
  new Date(Number(ts) * 1000).toLocaleTimeString('en', { hour: 'numeric', minute: '2-digit' });

export function dayOf(ts) {
  const when = new Date(Number(ts) * 1000);
  const today = new Date();
  const yesterday = new Date(today.getTime() - 86_400_000);
  if (when.toDateString() === today.toDateString()) return 'Today';
  if (when.toDateString() === yesterday.toDateString()) return 'Yesterday';
  return when.toLocaleDateString('en', { weekday: 'long', month: 'long', day: 'numeric' });
}

/** One message with its blocks, its "edited" mark and, in the channel, the bar that leads to its thread. */
export function message(item, state, { interact, openThread, replies }) {
  const isBot = item.user === state.workspace.botUserId;
  const body =
    item.blocks.length > 0
      ? blocks(item.blocks, state, interact(item))
      : [h('div', { class: 'b-text' }, mrkdwn(item.text, state))];
  const lead =
    item.threadTs && item.blocks.length > 0 && item.text
      ? [h('div', { class: 'b-text' }, mrkdwn(item.text, state))]
      : [];
  return h(
    'article',
    { class: 'message', 'data-ts': item.ts },
    avatar(state, item.user),
    h(
      'div',
      { class: 'm-body' },
      h(
        'div',
        { class: 'm-head' },
        h('strong', {}, isBot ? state.workspace.appName : (state.people[item.user]?.name ?? item.user)),
        isBot ? h('span', { class: 'badge' }, 'APP') : null,
        h('time', {}, clock(item.ts)),
      ),
      h('div', { class: item.blocks.length > 0 ? 'm-blocks' : 'm-text' }, lead, body),
      item.editedTs ? h('span', { class: 'edited' }, '(edited)') : null,
      replies?.length
        ? h(
            'button',
            { class: 'replies', type: 'button', 'data-thread': item.ts, onclick: () => openThread(item.ts) },
            [...new Set(replies.map((r) => r.user))].slice(0, 3).map((u) => avatar(state, u, 24)),
            h('span', { class: 'r-count' }, `${replies.length} ${replies.length === 1 ? 'reply' : 'replies'}`),
            h(
              'span',
              { class: 'r-last' },
              `Last reply ${dayOf(replies.at(-1).ts).toLowerCase()} at ${clock(replies.at(-1).ts)}`,
            ),
          )
        : null,
    ),
  );
}

/** A note only the acting person sees. */
export function ephemeral(item, state) {
  return h(
    'article',
    { class: 'message note', 'data-ephemeral': item.ts },
    avatar(state, state.workspace.botUserId),
    h(
      'div',
      { class: 'm-body' },
      h('div', { class: 'only-you' }, svg(ICONS.eye, 14), 'Only visible to you'),
      h(
        'div',
        { class: 'm-head' },
        h('strong', {}, state.workspace.appName),
        h('span', { class: 'badge' }, 'APP'),
        h('time', {}, clock(item.ts)),
      ),
      h(
        'div',
        { class: 'm-text' },
        item.blocks.length > 0 ? blocks(item.blocks, state, () => () => {}) : mrkdwn(item.text, state),
      ),
    ),
  );
}
