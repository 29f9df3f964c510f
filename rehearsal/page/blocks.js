// Block Kit, but for the input blocks of dialogs (fields.js).

import { h, icon } from "./dom.js";
import { confirmed } from "./dialogs.js";
import { openMenu } from "./menu.js";
import { parsed } from "./chips.js";
import { textObject } from "./mrkdwn.js";
import { richText, unknown } from "./richtext.js";

/**
 * Draws blocks. `onAct({button, block_id, choose?, confirm?})` is called when somebody uses an element;
 * `input(block)` draws input blocks where there are any.
 */
export function blocks(list, onAct, input = (block) => unknown(block.type)) {
  return (list ?? []).map((block) => {
    const node = (DRAW[block.type] ?? ((b) => unknown(b.type)))(block, onAct, input);
    node.dataset.block = block.block_id ?? "";
    return node;
  });
}

const DRAW = {
  header: (block) => h("div", { class: "b-header", role: "heading", "aria-level": 3, dir: "auto" }, textObject(block.text)),
  divider: () => h("hr", { class: "b-divider" }),
  section,
  context: (block) => h("div", { class: "b-context" }, (block.elements ?? []).map(contextElement)),
  actions: (block, onAct) =>
    h("div", { class: "b-actions" }, (block.elements ?? []).map((e) => element(e, block, onAct))),
  rich_text: (block) => richText(block),
  image: (block) => h("figure", { class: "b-image" }, block.title && h("figcaption", null, textObject(block.title)), image(block)),
  markdown: (block) => h("div", { class: "b-section b-text", dir: "auto" }, block.text ?? ""),
  input: (block, onAct, input) => input(block),
};

function section(block, onAct) {
  return h("div", { class: block.accessory ? "b-section has-accessory" : "b-section" },
    h("div", { class: "b-body" },
      block.text && h("div", { class: "b-text", dir: "auto" }, textObject(block.text)),
      block.fields && h("div", { class: "b-fields" },
        block.fields.map((field) => h("div", { class: "b-text", dir: "auto" }, textObject(field))))),
    block.accessory && h("div", { class: "b-accessory" }, element(block.accessory, block, onAct)));
}

const contextElement = (e) =>
  e.type === "image" ? image(e) : h("span", { class: "b-text", dir: "auto" }, textObject(e));

/** Pictures of this origin only: the page loads nothing from elsewhere, so others are named by their text. */
function image(e) {
  const url = parsed(e.image_url ?? "");
  if (url?.origin === location.origin) return h("img", { src: url.href, alt: e.alt_text ?? "" });
  return h("span", { class: "picture", role: "img", "aria-label": e.alt_text ?? "picture" }, `🖼 ${e.alt_text ?? ""}`);
}

export function element(e, block, onAct) {
  const draw = { button, overflow, static_select: select, image: () => image(e) }[e.type];
  return draw ? draw(e, block, onAct) : unknown(e.type);
}

const used = (e, block, more) => ({ button: e.action_id, block_id: block.block_id, ...more });

/** Asks when the element wants a confirmation, then acts; the element is busy meanwhile. */
async function use(node, e, confirmation, onAct, spec) {
  const extra = {};
  if (confirmation) {
    if (!(await confirmed(confirmation))) return false;
    extra.confirm = true;
  }
  node.setAttribute("aria-busy", "true");
  try {
    await onAct({ ...spec, ...extra });
  } finally {
    node.removeAttribute("aria-busy");
  }
  return true;
}

function button(e, block, onAct) {
  const style = e.style === "primary" || e.style === "danger" ? ` ${e.style}` : "";
  const node = h("button", { type: "button", class: `b-button${style}`, "data-key": `${block.block_id}/${e.action_id}`,
    "aria-label": e.accessibility_label }, textObject(e.text));
  node.addEventListener("click", () => {
    if (node.getAttribute("aria-busy")) return;
    if (e.url && /^https?:/.test(e.url)) window.open(e.url, "_blank", "noopener");
    use(node, e, e.confirm, onAct, used(e, block));
  });
  return node;
}

function overflow(e, block, onAct) {
  const node = h("button", { type: "button", class: "b-button b-overflow", "aria-label": "More actions",
    "aria-haspopup": "menu", "data-key": `${block.block_id}/${e.action_id}` }, icon("dots"));
  const pick = (option) => use(node, e, e.confirm, onAct, used(e, block, { choose: option.value }));
  node.addEventListener("click", () =>
    openMenu(node, (e.options ?? []).map((o) => ({ label: o.text?.text ?? "", run: () => pick(o) }))));
  return node;
}

function select(e, block, onAct) {
  const first = e.initial_option?.value ?? "";
  const node = h("select", { class: "b-select", "aria-label": e.placeholder?.text ?? "Choose",
    "data-key": `${block.block_id}/${e.action_id}` }, optionNodes(e));
  node.value = first;
  node.addEventListener("change", async () => {
    const done = await use(node, e, e.confirm, onAct, used(e, block, { choose: node.value }));
    if (!done) node.value = first;
  });
  return node;
}

/** Options of a select, in their groups; the empty first one shows the placeholder. */
export function optionNodes(e) {
  const option = (o) => h("option", { value: o.value }, o.text?.text ?? "");
  return [
    h("option", { value: "" }, e.placeholder?.text ?? "Choose…"),
    ...(e.options ?? []).map(option),
    ...(e.option_groups ?? []).map((g) => h("optgroup", { label: g.label?.text ?? "" }, (g.options ?? []).map(option))),
  ];
}
