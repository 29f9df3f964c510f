// What the page tells the person at it: toasts, words for screen readers, tooltips.

import { byId, h, iconButton } from "./dom.js";

/** Shows one sentence for a while (longer ones for longer). */
export function toast(sentence) {
  const node = h("div", { class: "toast" }, h("span", { dir: "auto" }, sentence),
    iconButton("close", "Dismiss", () => node.remove(), { "data-tip": null }));
  byId("toasts").append(node);
  const box = byId("toasts");
  while (box.children.length > 4) box.firstElementChild.remove();
  setTimeout(() => node.remove(), 5000 + sentence.length * 60);
}

let waiting = [];
let timer = null;

/** Says something to screen readers; when much happens at once they hear the last of it and how much there was. */
export function announce(sentence) {
  waiting.push(sentence);
  timer ??= setTimeout(() => {
    const more = waiting.length > 1 ? `${waiting.length} new messages. ` : "";
    byId("announce").textContent = more + waiting.at(-1);
    [waiting, timer] = [[], null];
  }, 1000);
}

/** One tooltip for everything that has `data-tip`. */
export function startTooltips() {
  const tip = h("div", { class: "tooltip", role: "tooltip", hidden: true });
  document.body.append(tip);
  let owner = null;
  const enter = (event) => {
    const target = event.target.closest?.("[data-tip]");
    if (target === owner) return;
    owner = target;
    tip.hidden = !owner;
    if (owner) show(tip, owner);
  };
  const leave = () => { owner = null; tip.hidden = true; };
  document.addEventListener("mouseover", enter);
  document.addEventListener("focusin", (event) => event.target.matches(":focus-visible") && enter(event));
  document.addEventListener("focusout", leave);
  document.addEventListener("scroll", leave, true);
  document.addEventListener("pointerdown", leave, true);
  document.addEventListener("keydown", (event) => event.key === "Escape" && leave());
}

function show(tip, owner) {
  tip.textContent = owner.dataset.tip;
  tip.style.left = "0";
  const at = owner.getBoundingClientRect();
  const { width, height } = tip.getBoundingClientRect();
  const above = at.top - height - 6;
  tip.style.top = `${above > 4 ? above : at.bottom + 6}px`;
  tip.style.left = `${Math.max(4, Math.min(at.left + at.width / 2 - width / 2, innerWidth - width - 4))}px`;
}
