import type { Hono } from 'hono';
import { html } from 'hono/html';
import { textOf } from './adf.ts';
import { decide, firstApprover, Refused } from './approvals.ts';
import { accountById, type World } from './context.ts';
import { STYLE } from './page-style.ts';
import type { StoredIssue } from './store.ts';
import { endAs, isDone, statusOf, wayOf } from './workflow.ts';

type Markup = ReturnType<typeof html>;

/** The list of issues and the page of one, as a person would see them, with the buttons a person would press. */
export function registerPages(app: Hono, world: World): void {
  app.get('/', (c) => c.html(listPage(world)));
  app.get('/browse/:key', (c) => {
    const issue = world.store.issue(c.req.param('key'));
    if (!issue) return c.html(layout('Not found', html`<p class="empty">No such issue.</p>`), 404);
    return c.html(issuePage(world, issue));
  });
  app.post('/browse/:key/:act', (c) => {
    const issue = world.store.issue(c.req.param('key'));
    const act = c.req.param('act');
    if (!issue) return c.redirect('/', 303);
    const by = firstApprover(world, issue);
    try {
      if (by && (act === 'approve' || act === 'decline')) decide(world, issue, { by, decision: act });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
    const person = world.accounts.find((account) => account.approver);
    if (person && !isDone(world, issue) && (act === 'cancel' || act === 'close'))
      endAs(world, issue, { by: person, cancel: act === 'cancel' });
    return c.redirect(`/browse/${issue.key}`, 303);
  });
}

function listPage(world: World): Markup {
  const issues = world.store.issues().toReversed();
  return layout(
    'Issues',
    html`<table>
      <thead><tr><th>Key</th><th>Summary</th><th>Status</th><th>Approval</th><th>Priority</th><th>Reporter</th><th>Updated</th></tr></thead>
      <tbody>${issues.map(
        (issue) => html`<tr>
          <td><a href="/browse/${issue.key}">${issue.key}</a></td><td class="wide">${issue.summary}</td><td>${badge(world, issue)}</td>
          <td>${issue.approval?.decision ?? '—'}</td><td><span class="badge ${issue.priority}">${issue.priority}</span></td>
          <td>${nameOf(world, issue.reporterId)}</td><td class="time">${when(issue.updated)}</td>
        </tr>`,
      )}</tbody></table>
      ${issues.length === 0 ? html`<p class="empty">No issues yet. They appear here as Idlewise opens them.</p>` : ''}`,
  );
}

function issuePage(world: World, issue: StoredIssue): Markup {
  const way = wayOf(world);
  const at = way.findIndex((status) => status.id === issue.status);
  const asked = (issue.approval?.approvers ?? []).filter((a) => a.decision === 'pending');
  return layout(
    issue.key,
    html`<p><a href="/">All issues</a></p>
      <h2>${issue.key} <small>${issue.summary}</small></h2>
      <ol class="way">${
        at < 0
          ? html`<li class="now">${statusOf(world, issue.status).name}</li>`
          : way.map(
              (s, i) => html`<li class="${i < at ? 'past' : i === at ? 'now' : ''}">${statusOf(world, s.id).name}</li>`,
            )
      }</ol>
      ${
        isDone(world, issue)
          ? html`<p class="over">${statusOf(world, issue.status).name}, resolution ${issue.resolution}</p>`
          : html`<div class="acts">
              ${asked.length > 0 ? html`${button(issue, 'approve', 'Approve')} ${button(issue, 'decline', 'Decline')}` : ''}
              ${button(issue, 'cancel', 'Cancel')} ${button(issue, 'close', 'Close')}
              ${asked.length > 0 ? html`<span>Waiting for ${asked.map((a) => nameOf(world, a.accountId)).join(', ')}</span>` : ''}
            </div>`
      }
      <p><span class="badge ${issue.priority}">${issue.priority}</span> ${issue.request ? 'Service request' : issue.issueType} · reported by ${nameOf(world, issue.reporterId)} · ${issue.labels.map((label) => html`<span class="badge">${label}</span> `)}</p>
      <div class="box">${blocks(issue.description)}</div>
      <h3>Activity</h3>
      <ul class="log">${timeline(world, issue).map(
        (entry) =>
          html`<li><div><b>${entry.by}</b> <span>${entry.kind}</span> <time>${when(entry.at)}</time></div><p>${entry.text}</p></li>`,
      )}</ul>`,
  );
}

/** Paragraphs and headings of a document. */
function blocks(document: unknown): Markup[] {
  const { content = [] } = (document ?? {}) as { content?: { type?: string }[] };
  return content.map((node) =>
    node.type === 'heading' ? html`<h4>${textOf(node).trim()}</h4>` : html`<p>${textOf(node).trim()}</p>`,
  );
}

/** Comments and changes of status, newest first. */
function timeline(world: World, issue: StoredIssue) {
  const comments = issue.comments.map((comment) => ({
    id: Number(comment.id),
    at: comment.created,
    by: nameOf(world, comment.authorId),
    kind: comment.internal ? 'Internal note' : 'Comment',
    text: textOf(comment.body).trim(),
  }));
  const moves = issue.history.flatMap((history) =>
    history.items
      .filter((item) => item.field === 'status' || item.field === 'Approvals')
      .map((item) => ({
        id: Number(history.id),
        at: history.created,
        by: nameOf(world, history.authorId),
        kind: item.field === 'status' ? 'Status' : 'Approval',
        text: `${item.fromString} → ${item.toString}`,
      })),
  );
  return [...comments, ...moves].toSorted((a, b) => b.id - a.id);
}

function nameOf(world: World, accountId: string): string {
  return accountById(world, accountId)?.displayName ?? accountId;
}

function badge(world: World, issue: StoredIssue): Markup {
  const { name, category } = statusOf(world, issue.status);
  return html`<span class="badge ${category}">${name}</span>`;
}

function button(issue: StoredIssue, act: string, text: string): Markup {
  return html`<form method="post" action="/browse/${issue.key}/${act}"><button>${text}</button></form>`;
}

function when(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ');
}

function layout(name: string, body: Markup): Markup {
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
    <title>${name} · Jira (sandbox)</title><style>${STYLE}</style></head>
    <body><header><a href="/">Jira</a> <span>sandbox · Operations</span></header><main>${body}</main>
    <script>setInterval(async () => { try {
      const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html').querySelector('main');
      const main = document.querySelector('main');
      if (page && main.innerHTML !== page.innerHTML) main.innerHTML = page.innerHTML;
    } catch {} }, 3000);</script></body></html>`;
}
