/* Runs before the first paint: chooses theme and language, so that nothing flashes. The address comes before what is
   remembered, and that before what the browser says. */
{
  /* Below a base path, such as /v1, the address may lack its last slash, without which the links would lead to other paths. */
  if (!location.pathname.endsWith("/"))
    history.replaceState(history.state, "", location.pathname + "/" + location.search + location.hash);
  const root = document.documentElement;
  const recall = (name) => {
    try { return localStorage.getItem("serverful." + name); } catch { return null; } /* storage can be switched off */
  };
  const theme = recall("theme");
  const asked = new URLSearchParams(location.hash.slice(1)).get("lang");
  root.classList.add("scripted");
  if (theme) root.dataset.theme = theme;
  root.lang = /^zh\b/i.test(asked ?? recall("language") ?? navigator.language) ? "zh-CN" : "en";
}
