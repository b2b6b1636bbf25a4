/** Creates an element of the page. */
export function html<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className = "",
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  if (className !== "") element.className = className;
  element.append(...children);
  return element;
}

/** One of VS Code's own icons. */
export function codicon(name: string): HTMLElement {
  const icon = html("i", `codicon codicon-${name}`);
  icon.setAttribute("aria-hidden", "true");
  return icon;
}
