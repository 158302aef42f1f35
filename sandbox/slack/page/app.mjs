import { confirmDialog, hide, viewDialog } from './dialogs.mjs';
import { h, ICONS, svg } from './dom.mjs';
import { avatar, dayOf, ephemeral, message } from './messages.mjs';

const POLL_MS = 1000;
const query = new URLSearchParams(location.search);
const at = { channel: query.get('channel') ?? '', as: query.get('as') ?? '', thread: query.get('thread') ?? '' };
const $ = (id) => document.getElementById(id);
let state = null;
let drawn = '';
let shownView = null;

async function post(path, body) {
  const answer = await fetch(`/__sim/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  const result = await answer.json();
  await refresh();
  return result;
}

function toast(text) {
  const note = h('div', { class: 'toast' }, text);
  $('toasts').append(note);
  setTimeout(() => note.remove(), 6000);
}

/** What Slack shows beside a button whose app did not answer with 200 within three seconds. */
function explain(result) {
  if (result.status === 200) return;
  toast(
    `${state.workspace.appName} did not accept the click (${result.status || result.answer || 'no answer'}). Nothing was recorded.`,
  );
}

const interact = (item) => async (block, element, value) => {
  if (element.confirm && !(await confirmDialog(element.confirm))) return;
  explain(
    await post('interact', {
      user: at.as,
      channel: item.channel,
      messageTs: item.ts,
      blockId: block.block_id,
      actionId: element.action_id,
      ...(value === undefined ? {} : { value }),
    }),
  );
};

function go(change) {
  Object.assign(at, change);
  const params = new URLSearchParams(Object.entries(at).filter(([, v]) => v));
  history.replaceState(null, '', `?${params}`);
  drawn = '';
  void refresh();
}

function drawTop() {
  const people = state.actors.map((id) =>
    h(
      'button',
      {
        type: 'button',
        class: 'actor',
        'aria-pressed': String(id === at.as),
        'data-actor': id,
        title: `${state.people[id].name}, ${state.people[id].title}`,
        onclick: () => go({ as: id }),
      },
      avatar(state, id, 24),
      state.people[id].name.split(' ')[0],
    ),
  );
  $('top').replaceChildren(
    h('div', { class: 'brand' }, state.workspace.name, h('span', { class: 'sandbox' }, 'sandbox')),
    h('div', { class: 'search' }, svg(ICONS.search, 14), `Search ${state.workspace.name}`),
    h(
      'div',
      { class: 'actors', role: 'group', 'aria-label': 'Acting as' },
      h('span', { class: 'acting' }, 'Acting as'),
      people,
    ),
  );
}

function drawSide() {
  const row = ({ id, label, icon, count = 0 }) =>
    h(
      'a',
      {
        href: `?channel=${id}&as=${at.as}`,
        class: id === state.channel ? 'row active' : 'row',
        'aria-current': id === state.channel ? 'page' : null,
      },
      icon,
      h('span', { class: 'row-name' }, label),
      count > 0 ? h('span', { class: 'count' }, String(count)) : null,
    );
  $('side').replaceChildren(
    h('div', { class: 'side-title' }, state.workspace.name, svg(ICONS.caret, 16)),
    h('div', { class: 'group' }, 'Channels'),
    ...state.channels.map((c) =>
      row({ id: c.id, label: c.name, icon: svg(ICONS.hash, 16), count: state.counts[c.id] }),
    ),
    h('div', { class: 'group' }, 'Direct messages'),
    ...(state.directMessages.length > 0
      ? state.directMessages.map((d) =>
          row({ id: d.id, label: state.people[d.user]?.name ?? d.user, icon: avatar(state, d.user, 20) }),
        )
      : [h('div', { class: 'none' }, 'None yet')]),
    h('div', { class: 'group' }, 'Apps'),
    h(
      'div',
      { class: 'row still' },
      avatar(state, state.workspace.botUserId, 20),
      h('span', { class: 'row-name' }, state.workspace.appName),
    ),
  );
}

function drawMain() {
  const channel = state.channels.find((c) => c.id === state.channel);
  const name =
    channel?.name ?? state.people[state.directMessages.find((d) => d.id === state.channel)?.user]?.name ?? 'unknown';
  document.title = `${channel ? '#' : ''}${name} · ${state.workspace.name} (sandbox)`;
  $('head').replaceChildren(
    h('h1', {}, channel ? svg(ICONS.hash, 18) : '', name),
    h('span', { class: 'topic' }, channel?.topic ?? ''),
    h('span', { class: 'members' }, svg(ICONS.people, 16), String(Object.keys(state.people).length)),
  );
  $('composer').replaceChildren(
    h(
      'div',
      { class: 'box' },
      svg(ICONS.plus, 18),
      h('span', {}, `Message ${channel ? '#' : ''}${name}`),
      svg(ICONS.send, 18),
    ),
  );
  const list = $('list');
  const stick = drawn === '' || list.scrollHeight - list.scrollTop - list.clientHeight < 120;
  const roots = state.messages.filter((m) => !m.threadTs).map((m) => ({ ...m, root: true }));
  const rows = [...roots, ...state.ephemerals].sort((a, b) => (a.ts < b.ts ? -1 : 1));
  const nodes = [];
  let day = '';
  for (const row of rows) {
    const today = dayOf(row.ts);
    if (today !== day) nodes.push(h('div', { class: 'day' }, h('span', {}, today)));
    day = today;
    nodes.push(
      row.root
        ? message(row, state, {
            interact,
            openThread: (ts) => go({ thread: ts }),
            replies: state.messages.filter((m) => m.threadTs === row.ts),
          })
        : ephemeral(row, state),
    );
  }
  if (rows.length === 0)
    nodes.push(
      h(
        'div',
        { class: 'empty' },
        h('strong', {}, `This is the very beginning of ${channel ? '#' : ''}${name}`),
        h('p', {}, 'Messages appear here as soon as Idlewise asks somebody to decide.'),
      ),
    );
  list.replaceChildren(...nodes);
  if (stick) list.scrollTop = list.scrollHeight;
}

function drawThread() {
  const pane = $('thread');
  const root = state.messages.find((m) => m.ts === at.thread);
  pane.hidden = !root;
  document.body.classList.toggle('with-thread', Boolean(root));
  if (!root) return;
  const replies = state.messages.filter((m) => m.threadTs === root.ts);
  const scroll = pane.querySelector('.t-list')?.scrollTop ?? 0;
  const options = { interact, openThread: () => {}, replies: null };
  pane.replaceChildren(
    h(
      'div',
      { class: 't-head' },
      h('h2', {}, 'Thread'),
      h(
        'button',
        { class: 'd-close', type: 'button', 'aria-label': 'Close thread', onclick: () => go({ thread: '' }) },
        svg(ICONS.close, 18),
      ),
    ),
    h(
      'div',
      { class: 't-list' },
      h(
        'div',
        { class: 't-root' },
        message({ ...root, blocks: root.blocks.filter((b) => b.type === 'header') }, state, options),
      ),
      h('div', { class: 't-count' }, h('span', {}, `${replies.length} ${replies.length === 1 ? 'reply' : 'replies'}`)),
      replies.map((r) => message(r, state, options)),
    ),
  );
  pane.querySelector('.t-list').scrollTop = scroll;
}

function drawView() {
  const id = state.view?.id ?? null;
  if (id === shownView) return;
  shownView = id;
  if (!id) return hide();
  viewDialog(state.view, state, {
    submit: async (values) => {
      const result = await post('submit-view', { user: at.as, viewId: id, values });
      explain(result);
      return result.errors ?? {};
    },
    cancel: () => void post('close-view', { viewId: id }),
  });
}

async function refresh() {
  try {
    const answer = await fetch(
      `/__sim/state?channel=${encodeURIComponent(at.channel)}&as=${encodeURIComponent(at.as)}`,
    );
    const body = await answer.text();
    if (body === drawn) return;
    state = JSON.parse(body);
    if (!at.as) at.as = state.actors[0] ?? '';
    if (!at.channel) at.channel = state.channel;
    state.as = at.as;
    drawTop();
    drawSide();
    drawMain();
    drawThread();
    drawView();
    drawn = body;
    document.body.dataset.ready = 'true';
  } catch {
    toast('The sandbox does not answer.');
  }
}

await refresh();
setInterval(refresh, POLL_MS);
