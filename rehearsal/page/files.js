// Files attached to messages.

import { h, icon, iconButton } from "./dom.js";
import { readFile } from "./dialogs.js";

const READABLE = /^(text\/|application\/json)/;

/** The file's address on this stage: whatever host Slack's field names, the stage is what serves it. */
function addressOf(file) {
  try {
    const url = new URL(file.url_private_download || file.url_private || file.permalink || "", location.href);
    return /^https?:$/.test(url.protocol) ? url.pathname + url.search : null;
  } catch {
    return null;
  }
}

function sizeOf(bytes) {
  if (!Number.isFinite(bytes)) return "";
  return bytes < 1000 ? `${bytes} bytes` : bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

export function fileCard(file) {
  if (file.mode === "tombstone") return h("div", { class: "file" }, "This file was deleted.");
  const name = file.name || file.title || file.id || "file";
  const address = addressOf(file);
  const kind = file.pretty_type || (file.filetype ?? name.split(".").pop() ?? "").toUpperCase();
  const readable = READABLE.test(file.mimetype ?? "") || /\.(md|txt|csv|json|html)$/i.test(name);
  return h("div", { class: "file" },
    h("span", { class: "file-icon" }, icon("file")),
    h("span", { class: "file-about" },
      address && readable
        ? h("button", { type: "button", class: "file-name", "data-key": `file/${file.id}`, dir: "auto",
          on: { click: () => readFile(name, address) } }, file.title || name)
        : h("span", { class: "file-name", dir: "auto" }, file.title || name),
      h("span", { class: "file-kind" }, [file.title && file.title !== name ? name : kind, sizeOf(file.size)].filter(Boolean).join(" · "))),
    address && h("a", { class: "icon-button", href: address, download: name, "aria-label": `Download ${name}`, "data-tip": "Download" },
      icon("download")));
}
