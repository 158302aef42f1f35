import { h, textNodes } from './dom.mjs';
import { mrkdwn } from './mrkdwn.mjs';

/** Block Kit as nodes. `interact(block, element, value?)` is called when somebody acts. */
export function blocks(list, state, interact) {
  return list.map((block) => draw(block, state, interact)).filter(Boolean);
}

export function text(object, state) {
  if (!object) return [];
  return object.type === 'mrkdwn' ? mrkdwn(object.text, state) : textNodes(object.text);
}

function draw(block, state, interact) {
  switch (block.type) {
    case 'header':
      return h('h2', { class: 'b-header' }, text(block.text, state));
    case 'divider':
      return h('hr', { class: 'b-divider' });
    case 'context':
      return h(
        'div',
        { class: 'b-context' },
        block.elements.map((e) => h('div', { class: 'b-context-item' }, text(e, state))),
      );
    case 'section':
      return h(
        'div',
        { class: 'b-section', 'data-block': block.block_id },
        h(
          'div',
          { class: 'b-section-body' },
          block.text ? h('div', { class: 'b-text' }, text(block.text, state)) : null,
          block.fields
            ? h(
                'div',
                { class: 'b-fields' },
                block.fields.map((f) => h('div', { class: 'b-field' }, text(f, state))),
              )
            : null,
        ),
        block.accessory
          ? h(
              'div',
              { class: 'b-accessory' },
              element(block.accessory, state, (...act) => interact(block, ...act)),
            )
          : null,
      );
    case 'actions':
      return h(
        'div',
        { class: 'b-actions' },
        block.elements.map((e) => element(e, state, (...act) => interact(block, ...act))),
      );
    case 'rich_text':
      return h(
        'div',
        { class: 'b-rich' },
        block.elements.map((e) => rich(e, state)),
      );
    default:
      return null;
  }
}

function element(item, state, interact) {
  if (item.type === 'button')
    return h(
      'button',
      {
        type: 'button',
        class: `b-button ${item.style ?? ''}`,
        'data-action': item.action_id,
        onclick: () => (item.url ? window.open(item.url, '_blank', 'noopener') : interact(item)),
      },
      text(item.text, state),
    );
  if (item.type === 'static_select') {
    const select = h(
      'select',
      { class: 'b-select', 'data-action': item.action_id, 'aria-label': item.placeholder?.text ?? 'Choose' },
      h('option', { value: '' }, item.placeholder?.text ?? 'Choose…'),
      item.options.map((o) => h('option', { value: o.value }, o.text.text)),
    );
    select.addEventListener('change', () => select.value && interact(item, select.value));
    return select;
  }
  return h('span', { class: 'b-unknown' }, `[${item.type}]`);
}

function rich(item, state) {
  const words = () =>
    item.elements.map((e) => {
      if (e.type === 'link')
        return h('a', { href: e.url, rel: 'noreferrer noopener', target: '_blank' }, e.text ?? e.url);
      if (e.type === 'user') return h('span', { class: 'mention' }, `@${state.people[e.user_id]?.name ?? e.user_id}`);
      const nodes = textNodes(e.text ?? '');
      if (e.style?.code) return h('code', {}, nodes);
      if (e.style?.bold) return h('strong', {}, nodes);
      return e.style?.italic ? h('em', {}, nodes) : h('span', {}, nodes);
    });
  switch (item.type) {
    case 'rich_text_quote':
      return h('blockquote', {}, words());
    case 'rich_text_preformatted':
      return h('pre', { class: 'code-block' }, words());
    case 'rich_text_list':
      return h(
        'ul',
        {},
        item.elements.map((e) => h('li', {}, rich(e, state))),
      );
    default:
      return h('div', { class: 'b-rich-section' }, words());
  }
}
