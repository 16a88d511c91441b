// Keys, the door, filters and rules. Everything else is done by forms. Runs under a policy without inline scripts.
"use strict";

// The door: the token stands behind #, which is never sent by itself. It goes out of the address before anything else happens.
const door = document.getElementById("enter");
if (door && location.hash.length > 1) {
  door.elements.token.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  door.submit();
}

// One key does what the element with this data-key does, unless somebody is writing.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const writing = event.target.closest("input:not([type=checkbox]), select, textarea");
  if (writing) {
    if (event.key === "Escape") writing.blur();
    return;
  }
  const found = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key.toLowerCase());
  if (!found || found.disabled) return;
  event.preventDefault();
  if (found.matches("input:not([type=checkbox])")) found.focus();
  else found.click();
});

// A new pair is read out from its beginning, and an old message goes.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "told") document.getElementById("told").replaceChildren();
  const pair = document.getElementById("pair");
  if (pair && event.detail.requestConfig && event.detail.requestConfig.path.startsWith("/steward")) {
    pair.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }
});

// The desk has ended, or the machine is busy: say so where messages stand.
document.addEventListener("htmx:sendError", () => {
  const told = document.createElement("p");
  told.className = "told";
  told.textContent = document.body.dataset.gone;
  document.getElementById("told").replaceChildren(told);
});

// The timeline by channel and action.
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-filter]")) return;
  const box = event.target.closest(".card");
  const chosen = Object.fromEntries([...box.querySelectorAll("[data-filter]")].map((one) => [one.dataset.filter, one.value]));
  for (const row of box.querySelectorAll("[data-filtered] > *")) {
    row.hidden = Object.entries(chosen).some(([name, value]) => value && row.dataset[name] !== value);
  }
});

// One more rule of a segment: an empty copy of the last one.
document.addEventListener("click", (event) => {
  if (!event.target.matches("[data-add-rule]")) return;
  const rules = document.querySelector("[data-rules]");
  if (rules.children.length >= Number(rules.dataset.most)) return;
  const copy = rules.lastElementChild.cloneNode(true);
  for (const one of copy.querySelectorAll("input, select")) one.value = one.tagName === "SELECT" ? one.options[0].value : "";
  rules.append(copy);
  copy.querySelector("select").focus();
});
