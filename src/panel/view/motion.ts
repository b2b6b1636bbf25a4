const query = window.matchMedia("(prefers-reduced-motion: reduce)");

/** Whether the system or VS Code (`workbench.reduceMotion`) asks for pictures that stand still. */
export function isMotionReduced(): boolean {
  return query.matches || document.body.classList.contains("vscode-reduce-motion");
}
