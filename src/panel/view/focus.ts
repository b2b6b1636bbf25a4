/**
 * Tells whether the page has the keyboard. VS Code goes on saying that the panel is the active
 * editor while somebody types elsewhere, and then the panel's keys must not be taken for its own.
 */
export function tellOfFocus(tell: (hasFocus: boolean) => void): void {
  window.addEventListener("focus", () => tell(true));
  window.addEventListener("blur", () => tell(false));
  if (document.hasFocus()) tell(true);
}
