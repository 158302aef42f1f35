import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import { approvalsFor } from './change-model.ts';
import { Refused, type World } from './context.ts';
import { STYLE } from './page-style.ts';
import { displayOf } from './render.ts';
import { STATE_LABELS } from './schema.ts';
import { ORDER, type Row } from './store.ts';
import { approveAs, byNumber, endAs } from './world.ts';

type Markup = ReturnType<typeof html>;
const WAY = ['-5', '-4', '-3', '-2', '-1', '0', '3'] as const;

/** The list of changes and the page of one, as a person would see them, with the buttons a person would press. */
export function registerPages(app: Hono, world: World): void {
  const { store } = world;
  const detail = (c: Context, row: Row | undefined) =>
    row ? c.html(changePage(world, row)) : c.html(layout('Not found', html`<p class="empty">No such change.</p>`), 404);

  app.get('/', (c) => c.html(listPage(world)));
  app.get('/change/:number', (c) => detail(c, byNumber(world, c.req.param('number'))));
  app.get('/nav_to.do', (c) => {
    const sysId = /^change_request\.do\?sys_id=([0-9a-f]{32})/.exec(c.req.query('uri') ?? '')?.[1];
    return detail(c, sysId ? store.get('change_request', sysId) : undefined);
  });
  app.get('/change_request.do', (c) => detail(c, store.get('change_request', c.req.query('sys_id') ?? '')));
  app.post('/change/:number/:act', (c) => {
    const row = byNumber(world, c.req.param('number'));
    if (!row) return detail(c, row);
    try {
      const act = c.req.param('act');
      const open = row.active === 'true';
      if (act === 'approve') approveAs(world, row);
      if (act === 'cancel' && open)
        endAs(world, row, { by: 'change.manager', cancel: true, notes: 'Cancelled in ServiceNow' });
      if (act === 'close' && open)
        endAs(world, row, { by: 'change.manager', cancel: false, notes: 'Closed in ServiceNow' });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
    return c.redirect(`/change/${row.number}`, 303);
  });
}

function listPage(world: World): Markup {
  const rows = world.store.rows('change_request').reverse();
  const show = (row: Row, field: string) => displayOf(world.store, row, field);
  return layout(
    'Change requests',
    html`<table>
      <thead><tr><th>Number</th><th>Short description</th><th>State</th><th>Approval</th><th>Risk</th><th>Configuration item</th><th>Assignment group</th><th>Updated</th></tr></thead>
      <tbody>${rows.map(
        (row) => html`<tr>
          <td><a href="/change/${row.number}">${row.number}</a></td><td class="wide">${row.short_description}</td>
          <td>${badge('state', show(row, 'state'))}</td><td>${show(row, 'approval')}</td><td>${badge('risk', show(row, 'risk'))}</td>
          <td>${show(row, 'cmdb_ci')}</td><td>${show(row, 'assignment_group')}</td><td class="time">${row.sys_updated_on}</td>
        </tr>`,
      )}</tbody></table>
      ${rows.length === 0 ? html`<p class="empty">No change requests yet. They appear here as Idlewise opens them.</p>` : ''}`,
  );
}

function changePage(world: World, row: Row): Markup {
  const { store } = world;
  const show = (field: string) => displayOf(store, row, field);
  const pending = approvalsFor(world, row).filter((approval) => approval.state === 'requested');
  const fields = [
    'type',
    'risk',
    'approval',
    'cmdb_ci',
    'assignment_group',
    'requested_by',
    'opened_at',
    'sys_updated_on',
  ];
  const texts = ['description', 'justification', 'implementation_plan', 'backout_plan', 'close_code', 'close_notes'];
  const at = WAY.indexOf(row.state as (typeof WAY)[number]);
  return layout(
    `${row.number}`,
    html`<p><a href="/">All changes</a></p>
      <h2>${row.number} <small>${row.short_description}</small></h2>
      <ol class="way">${
        row.state === '4'
          ? html`<li class="now">Canceled</li>`
          : WAY.map((s, i) => html`<li class="${i < at ? 'done' : i === at ? 'now' : ''}">${STATE_LABELS[s]}</li>`)
      }</ol>
      ${
        row.active === 'true'
          ? html`<div class="acts">
              ${pending.length > 0 ? button(row, 'approve', 'Approve') : ''}
              ${button(row, 'cancel', 'Cancel change')} ${button(row, 'close', 'Close')}
              ${pending.length > 0 ? html`<span>Waiting for ${pending.map((p) => displayOf(store, p, 'approver')).join(', ')}</span>` : ''}
            </div>`
          : html`<p class="over">${show('state')} by ${show('closed_by')} at ${row.closed_at}</p>`
      }
      <dl class="grid">${fields.map((field) => html`<div><dt>${title(field)}</dt><dd>${show(field) || '—'}</dd></div>`)}</dl>
      <dl>${texts.filter((field) => row[field]).map((field) => html`<dt>${title(field)}</dt><dd class="text">${show(field)}</dd>`)}</dl>
      <h3>Activity</h3>
      <ul class="log">${timeline(world, row).map(
        (entry) =>
          html`<li><div><b>${entry.by}</b> <span>${entry.kind}</span> <time>${entry.at}</time></div><p class="text">${entry.text}</p></li>`,
      )}</ul>`,
  );
}

/** Work notes and state changes, newest first. */
function timeline(world: World, row: Row) {
  const label = (state: string | undefined) => STATE_LABELS[state as keyof typeof STATE_LABELS] ?? state;
  const entry = (from: Row, kind: string, text: string) => ({
    at: from.sys_created_on ?? '',
    order: Number(from[ORDER]),
    by: personName(world, from.sys_created_by ?? ''),
    kind,
    text,
  });
  const notes = world.store.rows('sys_journal_field').filter((note) => note.element_id === row.sys_id);
  const moves = world.store.rows('sys_audit').filter((move) => move.documentkey === row.sys_id);
  return [
    ...notes.map((note) => entry(note, 'Work notes', note.value ?? '')),
    ...moves.map((move) => entry(move, 'Field changes', `State: ${label(move.oldvalue)} → ${label(move.newvalue)}`)),
  ].toSorted((a, b) => b.order - a.order);
}

function personName(world: World, userName: string): string {
  return world.store.rows('sys_user').find((user) => user.user_name === userName)?.name ?? userName;
}

function button(row: Row, act: string, text: string): Markup {
  return html`<form method="post" action="/change/${row.number}/${act}"><button>${text}</button></form>`;
}

function badge(kind: string, text: string): Markup {
  return html`<span class="badge ${kind}-${text.toLowerCase()}">${text}</span>`;
}

function title(field: string): string {
  const words: Record<string, string> = {
    cmdb_ci: 'Configuration item',
    sys_updated_on: 'Updated',
    opened_at: 'Opened',
  };
  return words[field] ?? `${field.charAt(0).toUpperCase()}${field.slice(1).replaceAll('_', ' ')}`;
}

function layout(name: string, body: Markup): Markup {
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
    <title>${name} · ServiceNow (sandbox)</title><style>${STYLE}</style></head>
    <body><header><a href="/">ServiceNow</a> <span>sandbox · Change</span></header><main>${body}</main>
    <script>setInterval(async () => { try {
      const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html').querySelector('main');
      const main = document.querySelector('main');
      if (page && main.innerHTML !== page.innerHTML) main.innerHTML = page.innerHTML;
    } catch {} }, 3000);</script></body></html>`;
}
