// Small dialogs of the page itself: "are you sure", and a file to read.

import { h, freshId, iconButton } from "./dom.js";
import { textObject } from "./mrkdwn.js";

/** Shows a modal <dialog>; resolves with its return value when it is closed. Focus goes back by itself. */
export function show(dialog) {
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
    dialog.showModal();
  });
}

/** Asks as a Block Kit confirm object says; true when the person says yes. */
export async function confirmed(confirm) {
  const [title, text] = [freshId("title"), freshId("text")];
  const style = confirm.style === "danger" ? "danger" : "primary";
  const dialog = h("dialog", { class: "dialog small", "aria-labelledby": title, "aria-describedby": text },
    h("form", { method: "dialog" },
      h("header", { class: "dialog-head" }, h("h2", { id: title, dir: "auto" }, textObject(confirm.title))),
      h("div", { class: "dialog-body b-text", id: text, dir: "auto" }, textObject(confirm.text)),
      h("footer", { class: "dialog-foot" },
        h("button", { class: "b-button", value: "no" }, textObject(confirm.deny) ?? "Cancel"),
        h("button", { class: `b-button ${style}`, value: "yes", autofocus: true }, textObject(confirm.confirm)))));
  return (await show(dialog)) === "yes";
}

/** Shows a text file in the page. */
export async function readFile(name, address) {
  const answer = await fetch(address).catch(() => null);
  const text = answer?.ok ? await answer.text() : "The file could not be read.";
  const title = freshId("title");
  const dialog = h("dialog", { class: "dialog wide", "aria-labelledby": title },
    h("header", { class: "dialog-head" }, h("h2", { id: title, dir: "auto" }, name),
      iconButton("close", "Close", () => dialog.close())),
    h("pre", { class: "dialog-body file-text", tabindex: "0" }, text));
  await show(dialog);
}
