// Elements are built by calls, never from strings: what a task reports is text and stays text.

export function h(tag, props = {}, ...children) {
  return fill(document.createElement(tag), props, children);
}

export function svg(tag, props = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), props, children);
}

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...present(children));
  return element;
}

/** The children that are there: what is left out by a condition is not. */
export const present = (children) =>
  [children].flat(Infinity).filter((child) => ![null, undefined, false, ''].includes(child));

const outlines = {
  more: 'M3.500 8h.01M8 8h.01M12.500 8h.01',
  down: 'M4 6.500 8 10.500 12 6.500',
  right: 'M6.500 4 10.500 8 6.500 12',
  close: 'M4 4l8 8M12 4l-8 8',
  search: 'M7 11.500a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9ZM10.300 10.300 14 14',
  link: 'M6.700 9.300a2.600 2.600 0 0 0 3.700 0l2.200-2.200a2.600 2.600 0 1 0-3.700-3.700l-.8.8M9.300 6.700a2.600 2.600 0 0 0-3.700 0L3.400 8.900a2.600 2.600 0 1 0 3.700 3.700l.8-.8',
  copy: 'M5.500 5.500h7v7h-7zM3.500 10.500v-7h7',
  download: 'M8 2.500v7.500M5 7.200 8 10.200l3-3M3 13.500h10',
  folder: 'M2 4.500h4.300l1.400 1.500H14v6.500H2z',
  columns: 'M2.500 3h11v10h-11zM6.200 3v10M9.800 3v10',
  podium: 'M2.500 13.500v-4h3.700v4M6.200 13.500v-10h3.600v10M9.800 13.500v-7h3.700v7M1.500 13.500h13',
  up: 'M4 9.500 8 5.500l4 4',
  user: 'M8 8a2.800 2.800 0 1 0 0-5.600A2.800 2.800 0 0 0 8 8ZM2.800 13.800c.6-2.500 2.700-4 5.200-4s4.600 1.500 5.200 4',
  plus: 'M8 3v10M3 8h10',
  edit: 'M3 13l.6-2.800 7.200-7.200 2.200 2.200-7.200 7.200z',
  pause: 'M5.500 3.500v9M10.500 3.500v9',
  play: 'M5 3.500 12 8l-7 4.500z',
  check: 'M3.500 8.500 6.500 11.500 12.500 4.500',
  grip: 'M6 4h.01M6 8h.01M6 12h.01M10 4h.01M10 8h.01M10 12h.01',
  menu: 'M2.500 4.500h11M2.500 8h11M2.500 11.500h11',
  wrap: 'M2.500 4h11M2.500 8h8.500a2.200 2.200 0 0 1 0 4.400H8.500M9.800 10.600 8 12.400l1.800 1.800M2.500 12h3',
  star: 'M8 2.500l1.600 3.500 3.900.4-2.900 2.600.8 3.800L8 10.900l-3.400 1.900.8-3.800L2.500 6.400l3.900-.4z',
};

/** A small picture that says nothing to a screen reader: its button has a label. */
export const icon = (name) =>
  svg('svg', { class: `icon ${name}`, viewBox: '0 0 16 16', 'aria-hidden': 'true' }, svg('path', { d: outlines[name] }));

/** A button that shows an icon only. */
export const iconButton = (name, label, onclick, props = {}) =>
  h('button', { type: 'button', class: 'icon-button', title: label, 'aria-label': label, onclick, ...props }, icon(name));

/** Shows `text` as a link when it is a web address, and as plain text otherwise. */
export function webLink(address, text = address) {
  if (!/^https?:/i.test(address) || !URL.canParse(address)) return h('span', {}, text);
  return h('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, text);
}

/** Rebuilds `element`'s content only when `data` differs from the last time, so that focus and selection survive. */
export function refresh(element, data, build) {
  const key = JSON.stringify(data);
  if (drawn.get(element) === key) return;
  drawn.set(element, key);
  keepFocus(element, () => element.replaceChildren(...present([build()])));
}

const controls = (root) => [...root.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')];

/** Does `step`, which draws what is in `element`; what had the focus has it again, or what is in its place now. */
export function keepFocus(element, step) {
  const focused = document.activeElement;
  if (focused === element || !element.contains(focused)) return void step();
  const find = findLater(focused, element);
  const place = controls(element).indexOf(focused);
  step();
  (find() ?? controls(element).at(Math.min(place, controls(element).length - 1)))?.focus({ preventScroll: true });
}

const drawn = new WeakMap();

/** Finds something that can have the focus, or what has taken its place since: what has the same name within `root`. */
export function findLater(element, root = document) {
  const name = (each) => [each.tagName, each.id, each.getAttribute('aria-label') ?? each.textContent].join();
  const wanted = name(element);
  const alike = () => controls(root).filter((each) => name(each) === wanted);
  const index = alike().indexOf(element);
  return () => (element.isConnected ? element : alike()[index]);
}

/** Keeps one child of `parent` for each item, in order; a child is rebuilt only when its item changes. */
export function refreshList(parent, items, build) {
  const old = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  items.forEach((item, index) => {
    const content = JSON.stringify(item);
    let child = old.get(item.id);
    if (!child || drawn.get(child) !== content) {
      const fresh = build(item);
      fresh.dataset.key = item.id;
      drawn.set(fresh, content);
      if (child) child.replaceWith(fresh);
      child = fresh;
    }
    old.delete(item.id);
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
  });
  for (const child of old.values()) child.remove();
}

/** A field that leaves in view those elements with a `data-name` within `list` that have its text in their names. */
export function finder(label, list, props = {}) {
  const field = h('input', {
    type: 'search', placeholder: label, 'aria-label': label, spellcheck: 'false', ...props,
    oninput: settled(() => {
      const text = field.value.trim().toLowerCase();
      for (const item of list.querySelectorAll('[data-name]')) item.hidden = !item.dataset.name.toLowerCase().includes(text);
    }, 50),
  });
  return field;
}

export const empty = (title, hint) => h('div', { class: 'empty' }, h('strong', {}, title), hint && h('p', {}, hint));

/** Names and values; those without a value are left out. False where none is left. */
export function facts(list) {
  const shown = list.filter(([, value]) => value);
  return shown.length > 0 && h('dl', { class: 'facts' },
    shown.map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));
}

/** Waits until what is in the page now can be seen; does not wait while nobody looks. */
export const painted = () => new Promise((resolve) => {
  if (document.hidden) resolve();
  else requestAnimationFrame(() => setTimeout(resolve));
});

/** Runs `step` once the user has paused for a moment. */
export function settled(step, milliseconds = 200) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(step, milliseconds);
  };
}
