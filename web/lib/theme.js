// Light or dark: as the system has it, unless the user says otherwise.

const storageKey = 'stint-theme';
const system = matchMedia('(prefers-color-scheme: dark)');
const changes = new EventTarget();

/** `light`, `dark` or `auto`. */
export const chosenTheme = () => {
  const kept = localStorage.getItem(storageKey);
  return kept === 'light' || kept === 'dark' ? kept : 'auto';
};

/** `light` or `dark`. */
export const theme = () => (chosenTheme() === 'auto' ? (system.matches ? 'dark' : 'light') : chosenTheme());

export function chooseTheme(name) {
  if (name === 'auto') localStorage.removeItem(storageKey);
  else localStorage.setItem(storageKey, name);
  apply();
}

export const onTheme = (listener, signal) => changes.addEventListener('change', listener, { signal });

export function apply() {
  document.documentElement.dataset.theme = theme();
  changes.dispatchEvent(new Event('change'));
}

system.addEventListener('change', apply);
