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
  const shown = children.flat(Infinity).filter((child) => ![null, undefined, false].includes(child));
  element.append(...shown);
  return element;
}

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
  element.replaceChildren(...[build()].flat(Infinity).filter(Boolean));
}

const drawn = new WeakMap();

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

export const empty = (title, hint) => h('div', { class: 'empty' }, h('strong', {}, title), hint && h('p', {}, hint));
