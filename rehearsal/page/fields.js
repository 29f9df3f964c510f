// The input blocks of a dialog. A field is {node, read(), write(value), fault(sentence)}.

import { h, freshId } from "./dom.js";
import { optionNodes } from "./blocks.js";
import { textObject } from "./mrkdwn.js";
import { unknown } from "./richtext.js";
import { SLACKBOT, personName, world } from "./store.js";

/** Makes the field of an input block. */
export function field(block) {
  const id = freshId("field");
  const e = block.element ?? {};
  const control = (CONTROLS[e.type] ?? (() => ({ node: unknown(e.type), read: () => null, write: () => {} })))(e, id);
  const fault = h("div", { class: "fault", id: `${id}-fault`, hidden: true });
  const hint = block.hint && h("div", { class: "field-hint", id: `${id}-hint`, dir: "auto" }, textObject(block.hint));
  const name = [textObject(block.label), block.optional && h("span", { class: "optional" }, " (optional)")];
  const described = [hint && `${id}-hint`, `${id}-fault`].filter(Boolean).join(" ");
  const node = control.group
    ? h("fieldset", { class: "field", "aria-describedby": described }, h("legend", { dir: "auto" }, name), control.node, hint, fault)
    : h("div", { class: "field" }, h("label", { for: id, dir: "auto" }, name), control.node, hint, fault);
  const target = control.group ? node : control.node;
  if (!control.group) target.setAttribute("aria-describedby", described);
  if (!control.group && !block.optional) target.setAttribute("aria-required", "true");
  return { node, read: control.read, write: control.write, fault: (sentence) => show(fault, target, sentence) };
}

function show(fault, target, sentence) {
  fault.textContent = sentence ?? "";
  fault.hidden = !sentence;
  if (sentence) target.setAttribute("aria-invalid", "true");
  else target.removeAttribute("aria-invalid");
}

const native = (node) => ({ node, read: () => node.value, write: (value) => { node.value = value ?? ""; } });

const typed = (type, initial) => (e, id) => native(h("input", { type, id, class: "input", value: e[initial] ?? "",
  placeholder: e.placeholder?.text, autofocus: e.focus_on_load, dir: "auto" }));

const CONTROLS = {
  plain_text_input: (e, id) => native(h(e.multiline ? "textarea" : "input", { id, class: "input", rows: e.multiline ? 4 : null,
    type: e.multiline ? null : "text", value: e.initial_value ?? "", placeholder: e.placeholder?.text, maxlength: e.max_length,
    autofocus: e.focus_on_load, autocomplete: "off", dir: "auto" })),
  email_text_input: typed("email", "initial_value"),
  url_text_input: typed("url", "initial_value"),
  datepicker: typed("date", "initial_date"),
  timepicker: typed("time", "initial_time"),
  number_input: (e, id) => native(h("input", { type: "number", id, class: "input", value: e.initial_value ?? "",
    step: e.is_decimal_allowed ? "any" : 1, min: e.min_value, max: e.max_value, placeholder: e.placeholder?.text })),
  static_select: (e, id) => chooser(id, optionNodes(e), e.initial_option?.value),
  users_select: (e, id) => chooser(id, optionNodes({ ...e, options: people() }), e.initial_user),
  channels_select: (e, id) => chooser(id, optionNodes({ ...e, options: channels() }), e.initial_channel),
  conversations_select: (e, id) => chooser(id, optionNodes({ ...e, options: channels() }), conversation(e)),
  radio_buttons: (e, id) => choices("radio", id, e.options, e.initial_option ? [e.initial_option.value] : []),
  checkboxes: (e, id) => choices("checkbox", id, e.options, (e.initial_options ?? []).map((o) => o.value)),
  multi_static_select: (e, id) => choices("checkbox", id, e.options ?? (e.option_groups ?? []).flatMap((g) => g.options),
    (e.initial_options ?? []).map((o) => o.value), "many"),
  multi_users_select: (e, id) => choices("checkbox", id, people(), e.initial_users ?? [], "many"),
};

const conversation = (e) => e.initial_conversation ?? (e.default_to_current_conversation ? world.channel : "");
const plain = (text) => ({ type: "plain_text", text, emoji: false });
const people = () => [...world.people.keys()].filter((id) => id !== SLACKBOT).map((id) => ({ value: id, text: plain(personName(id)) }));
const channels = () => [...world.channels.values()].map((c) => ({ value: c.id, text: plain(`#${c.name}`) }));

function chooser(id, options, initial) {
  const node = h("select", { id, class: "input" }, options);
  node.value = initial ?? "";
  return native(node);
}

function choices(type, id, options, initial, className = "") {
  const inputs = (options ?? []).map((o) => h("input", { type, name: id, value: o.value, checked: initial.includes(o.value) }));
  const rows = (options ?? []).map((o, i) => h("label", { class: "choice" }, inputs[i],
    h("span", { dir: "auto" }, textObject(o.text), o.description && h("small", null, textObject(o.description)))));
  const chosen = () => inputs.filter((input) => input.checked).map((input) => input.value);
  return {
    group: true,
    node: h("div", { class: `choices ${className}` }, rows),
    read: () => (type === "radio" ? chosen()[0] ?? "" : chosen()),
    write: (value) => inputs.forEach((input) => { input.checked = [value].flat().includes(input.value); }),
  };
}
