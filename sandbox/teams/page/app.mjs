import { h, ICONS, svg } from './dom.mjs';
import { avatar, post } from './messages.mjs';

const POLL_MS = 1000;
const query = new URLSearchParams(location.search);
const at = { channel: query.get('channel') ?? '', as: query.get('as') ?? '' };
const $ = (id) => document.getElementById(id);
const memory = new Map();
const unfolded = new Set();
let state = null;
let drawn = '';

const memoryOf = (id) => {
  if (!memory.has(id)) memory.set(id, { open: null });
  return memory.get(id);
};

const interact = (message) => async (action, inputs) => {
  await fetch('/__sim/interact', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: at.as, messageId: message.id, actionId: action.id, inputs }),
  });
  drawn = '';
  await refresh();
};

function go(change) {
  Object.assign(at, change);
  history.replaceState(null, '', `?${new URLSearchParams(Object.entries(at).filter(([, v]) => v))}`);
  memory.clear();
  drawn = '';
  void refresh();
}

function drawTop() {
  $('top').replaceChildren(
    h('div', { class: 'brand' }, `${state.tenant.name} · Teams`, h('span', { class: 'sandbox' }, 'sandbox')),
    h(
      'div',
      { class: 'actors', role: 'group', 'aria-label': 'Acting as' },
      h('span', { class: 'acting' }, 'Acting as'),
      state.actors.map((id) =>
        h(
          'button',
          {
            type: 'button',
            class: 'actor',
            'aria-pressed': String(id === at.as),
            'data-actor': id,
            title: state.people[id].title,
            onclick: () => go({ as: id }),
          },
          avatar(state, id, 24),
          h('span', {}, state.people[id].name, h('small', {}, state.people[id].title)),
        ),
      ),
    ),
  );
}

function drawSide() {
  $('side').replaceChildren(
    h('div', { class: 'side-title' }, state.tenant.name),
    ...state.channels.map((channel) =>
      h(
        'a',
        {
          href: `?${new URLSearchParams({ channel: channel.id, as: at.as })}`,
          class: channel.id === state.channel ? 'row active' : 'row',
          'aria-current': channel.id === state.channel ? 'page' : null,
        },
        svg(ICONS.hash, 16),
        channel.name,
      ),
    ),
  );
}

function drawMain() {
  const channel = state.channels.find((c) => c.id === state.channel);
  document.title = `${channel?.name ?? 'unknown'} · Teams (sandbox)`;
  $('head').replaceChildren(
    h('h1', {}, channel?.name ?? 'unknown'),
    h('span', { class: 'topic' }, channel?.topic ?? ''),
  );
  const list = $('list');
  const stick = list.scrollHeight - list.scrollTop - list.clientHeight < 120;
  const roots = state.messages.filter((m) => m.threadOf === null);
  const toggle = (id) => () => {
    if (!unfolded.delete(id)) unfolded.add(id);
    drawMain();
  };
  list.replaceChildren(
    ...(roots.length === 0
      ? [h('div', { class: 'empty' }, 'Posts appear here as soon as Idlewise asks somebody to decide.')]
      : roots.map((m) => post(m, state, { interact, memoryOf, unfolded: unfolded.has(m.id), toggle: toggle(m.id) }))),
  );
  if (stick) list.scrollTop = list.scrollHeight;
}

async function refresh() {
  try {
    const query = new URLSearchParams({ channel: at.channel, as: at.as });
    const body = await (await fetch(`/__sim/state?${query}`)).text();
    if (body === drawn) return;
    state = JSON.parse(body);
    if (!at.as) at.as = state.actors[0] ?? '';
    if (!at.channel) at.channel = state.channel;
    drawTop();
    drawSide();
    drawMain();
    drawn = body;
    document.body.dataset.ready = 'true';
  } catch {
    document.body.dataset.ready = 'false';
  }
}

await refresh();
setInterval(refresh, POLL_MS);
