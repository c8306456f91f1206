/* Remembers choices in this browser. Storage that is full or switched off is no error: the choice then lasts as long as the page. */

export function remember(name, value) {
  try { localStorage.setItem("serverful." + name, value); } catch { /* as said above */ }
}

export function forget(name) {
  try { localStorage.removeItem("serverful." + name); } catch { /* as said above */ }
}
