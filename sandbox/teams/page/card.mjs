import { h, textNodes } from './dom.mjs';

/**
 * An Adaptive Card as nodes. `interact(action, inputs)` is called when somebody acts; it resolves to nothing. What is open and
 * what was typed survives a redraw in `memory`, by message.
 */
export function cardNodes(card, { interact, memory, state }) {
  const inputs = new Map();
  const context = { interact, memory, state, inputs, names: namesOf(card) };
  return elements(card.body ?? [], context);
}

/** Names that the card declares as mentions; any other `<at>` is just text. */
function namesOf(card) {
  return new Map((card.msteams?.entities ?? []).map((e) => [e.text, e.mentioned.name]));
}

const elements = (list, context) => list.map((element) => draw(element, context)).filter(Boolean);

function draw(element, context) {
  const classes = ['a-item', element.separator ? 'a-line' : '', element.spacing === 'None' ? 'a-tight' : ''];
  const box = (tag, name, ...children) =>
    h(tag, { class: [name, ...classes].join(' '), 'data-id': element.id }, ...children);
  switch (element.type) {
    case 'TextBlock':
      return box('div', look(element), markdown(element.text, context));
    case 'RichTextBlock':
      return box(
        'div',
        'a-rich',
        element.inlines.map((each) => h('span', { class: look(each) }, textNodes(each.text))),
      );
    case 'Container':
      return box('div', `a-container ${element.style ?? ''}`, elements(element.items, context));
    case 'ColumnSet':
      return box(
        'div',
        'a-columns',
        element.columns.map((column) =>
          h(
            'div',
            { class: 'a-column', style: /^\d+px$/.test(column.width) ? `flex:0 0 ${column.width}` : 'flex:1' },
            elements(column.items, context),
          ),
        ),
      );
    case 'ActionSet':
      return actions(element.actions, context);
    case 'Input.Text':
      return input(element, context);
    default:
      return box('div', 'a-unknown', `[${element.type}]`);
  }
}

const look = (part) =>
  [
    'a-text',
    part.weight === 'Bolder' ? 'bold' : '',
    part.size === 'Large' ? 'large' : part.size === 'Small' ? 'small' : '',
    part.isSubtle ? 'subtle' : '',
    part.italic ? 'italic' : '',
    part.fontType === 'Monospace' ? 'mono' : '',
    part.color === 'Accent' ? 'accent' : '',
  ].join(' ');

const MARKS = /\*\*([^*]+)\*\*|\[([^\]]*)\]\(([^)\s]*)\)|\{\{(DATE|TIME)\(([^,)]+)[^)]*\)\}\}|<at>[^<]*<\/at>/g;

/** The Markdown that a TextBlock interprets: bold, links, dates and declared mentions. */
function markdown(text, context) {
  const nodes = [];
  let last = 0;
  for (const match of text.matchAll(MARKS)) {
    nodes.push(...textNodes(text.slice(last, match.index)));
    const [whole, bold, label, target, kind, instant] = match;
    if (bold !== undefined) nodes.push(h('strong', {}, bold));
    else if (target !== undefined)
      nodes.push(
        /^https?:/.test(target) ? h('a', { href: target, rel: 'noreferrer noopener', target: '_blank' }, label) : label,
      );
    else if (kind !== undefined) nodes.push(h('time', {}, when(kind, instant)));
    else nodes.push(context.names.has(whole) ? h('span', { class: 'mention' }, context.names.get(whole)) : whole);
    last = match.index + whole.length;
  }
  nodes.push(...textNodes(text.slice(last)));
  return nodes;
}

function when(kind, instant) {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return instant;
  return kind === 'DATE'
    ? at.toLocaleDateString('en', { weekday: 'short', month: 'short', day: 'numeric', year: 'numeric' })
    : at.toLocaleTimeString('en', { hour: 'numeric', minute: '2-digit' });
}

function actions(list, context) {
  const panels = h('div', { class: 'a-panels' });
  const buttons = list.map((action) => {
    const button = h(
      'button',
      { type: 'button', class: `a-button ${action.style ?? ''}`, 'data-action': action.id ?? `open:${action.title}` },
      textNodes(action.title),
    );
    button.addEventListener('click', () => act(action, { button, panels, context }));
    if (action.type === 'Action.ShowCard' && context.memory.open === action.title)
      open(action, { button, panels, context });
    return button;
  });
  return h('div', { class: 'a-actions' }, h('div', { class: 'a-buttons' }, buttons), panels);
}

function act(action, place) {
  const { context, panels, button } = place;
  if (action.type === 'Action.OpenUrl') return window.open(action.url, '_blank', 'noopener');
  if (action.type === 'Action.ShowCard') {
    const was = context.memory.open === action.title;
    context.memory.open = was ? null : action.title;
    for (const each of document.querySelectorAll('.a-panels')) each.replaceChildren();
    for (const each of document.querySelectorAll('.a-button.shown')) each.classList.remove('shown');
    return was ? undefined : open(action, place);
  }
  const values = action.associatedInputs === 'none' ? {} : filled(context);
  if (values === null) return undefined;
  button.disabled = true;
  context.memory.open = null;
  panels.replaceChildren();
  return context.interact(action, values);
}

function open(action, { button, panels, context }) {
  button.classList.add('shown');
  const { card } = action;
  panels.replaceChildren(
    h('div', { class: 'a-panel' }, elements(card.body ?? [], context), actions(card.actions ?? [], context)),
  );
}

function input(element, context) {
  const field = h(element.isMultiline ? 'textarea' : 'input', {
    name: element.id,
    rows: '3',
    maxlength: element.maxLength ?? null,
    placeholder: element.placeholder ?? '',
  });
  field.value = context.memory[`input:${element.id}`] ?? '';
  field.addEventListener('input', () => {
    context.memory[`input:${element.id}`] = field.value;
  });
  const problem = h('div', { class: 'a-problem', role: 'alert' });
  context.inputs.set(element.id, { element, field, problem });
  return h('label', { class: 'a-field' }, h('span', {}, element.label ?? element.id), field, problem);
}

/** Values of the inputs, or null when one that is required is empty: Teams then sends nothing. */
function filled({ inputs }) {
  const values = {};
  let complete = true;
  for (const [id, { element, field, problem }] of inputs) {
    const missing = element.isRequired && field.value.trim() === '';
    problem.textContent = missing ? (element.errorMessage ?? 'This is needed.') : '';
    if (missing) complete = false;
    values[id] = field.value;
  }
  return complete ? values : null;
}
