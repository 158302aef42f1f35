import { blocks } from './blocks.mjs';
import { h, ICONS, svg } from './dom.mjs';

const overlay = () => document.getElementById('overlay');

function show(dialog, close) {
  const backdrop = h('div', { class: 'backdrop' }, dialog);
  backdrop.addEventListener('mousedown', (event) => event.target === backdrop && close());
  backdrop.addEventListener('keydown', (event) => event.key === 'Escape' && close());
  overlay().replaceChildren(backdrop);
  dialog.querySelector('textarea, input, .d-primary')?.focus();
}

export const hide = () => overlay().replaceChildren();

/** The "are you sure" a button may bring along. It leaves no trace in what is sent. */
export function confirmDialog(confirm) {
  return new Promise((resolve) => {
    const done = (answer) => {
      hide();
      resolve(answer);
    };
    show(
      h(
        'div',
        { class: 'dialog small', role: 'alertdialog', 'aria-modal': 'true', 'aria-label': confirm.title.text },
        h(
          'div',
          { class: 'd-head' },
          h('h1', {}, confirm.title.text),
          closeButton(() => done(false)),
        ),
        h('div', { class: 'd-body' }, h('p', {}, confirm.text.text)),
        h(
          'div',
          { class: 'd-foot' },
          h('button', { class: 'b-button', type: 'button', onclick: () => done(false) }, confirm.deny.text),
          h(
            'button',
            {
              class: `b-button d-primary ${confirm.style === 'danger' ? 'danger' : 'primary'}`,
              type: 'button',
              'data-confirm': 'yes',
              onclick: () => done(true),
            },
            confirm.confirm.text,
          ),
        ),
      ),
      () => done(false),
    );
  });
}

/** A modal the app opened with `views.open`. `submit(values)` returns field errors, empty when it was accepted. */
export function viewDialog(open, state, { submit, cancel }) {
  const { view } = open;
  const inputs = view.blocks.filter((b) => b.type === 'input');
  const errors = new Map();
  const form = h('form', { class: 'd-body' });
  for (const block of view.blocks) {
    if (block.type !== 'input') {
      form.append(...blocks([block], state, () => {}));
      continue;
    }
    const { element } = block;
    const field = h(element.multiline ? 'textarea' : 'input', {
      name: block.block_id,
      rows: '4',
      maxlength: element.max_length ?? null,
      placeholder: element.placeholder?.text ?? '',
    });
    const error = h('div', { class: 'd-error', role: 'alert' });
    errors.set(block.block_id, error);
    form.append(
      h('label', { class: 'd-field' }, h('span', { class: 'd-label' }, block.label.text), field),
      error,
      block.hint ? h('div', { class: 'd-hint' }, block.hint.text) : '',
    );
  }
  const send = async (event) => {
    event.preventDefault();
    const values = Object.fromEntries(inputs.map((b) => [b.block_id, form.elements[b.block_id].value]));
    const found = await submit(values);
    for (const [id, node] of errors) node.textContent = found[id] ?? '';
  };
  form.addEventListener('submit', send);
  show(
    h(
      'div',
      { class: 'dialog', role: 'dialog', 'aria-modal': 'true', 'aria-label': view.title.text },
      h('div', { class: 'd-head' }, svg(ICONS.app, 28, '0 0 36 36'), h('h1', {}, view.title.text), closeButton(cancel)),
      form,
      h(
        'div',
        { class: 'd-foot' },
        h('button', { class: 'b-button', type: 'button', onclick: cancel }, view.close?.text ?? 'Cancel'),
        h(
          'button',
          { class: 'b-button primary d-primary', type: 'button', 'data-submit': 'view', onclick: send },
          view.submit?.text ?? 'Submit',
        ),
      ),
    ),
    cancel,
  );
}

function closeButton(close) {
  return h('button', { class: 'd-close', type: 'button', 'aria-label': 'Close', onclick: close }, svg(ICONS.close, 18));
}
