import { unreachable } from "../../raft/index.ts";
import { svg, set, termColour } from "./svg.ts";

/** What a node looks like: its role by shape, its term by colour. */
export interface NodeLook {
  readonly role: "follower" | "candidate" | "leader";
  readonly isDown: boolean;
  /** It leads, but a newer term has another leader. */
  readonly isStale: boolean;
  readonly term: number;
}

export function roleShape(
  { role, isDown, isStale }: NodeLook,
  radius: number,
): { readonly outline: string; readonly inner: string | null; readonly mark: string | null } {
  if (isDown)
    return { outline: circle(radius), inner: null, mark: cross(radius > 13 ? 4 : radius * 0.38) };
  switch (role) {
    case "follower":
      return { outline: circle(radius), inner: null, mark: null };
    case "candidate": {
      const reach = radius * 1.16;
      return {
        outline: `M0 ${-reach}L${reach} 0L0 ${reach}L${-reach} 0Z`,
        inner: null,
        mark: null,
      };
    }
    case "leader": {
      const half = radius * 0.9;
      const inner = radius > 13 ? square(half - 3.5, 2) : null;
      return { outline: square(half, radius > 13 ? 4 : 1.5), inner, mark: isStale ? null : crown };
    }
    default:
      return unreachable(role);
  }
}

/** A crown about ten wide, around the origin. */
export const crown = "M-5 3V-2.6L-2.3 0L0 -4.5L2.3 0L5 -2.6V3Z";

export function circle(radius: number): string {
  return `M${-radius} 0a${radius} ${radius} 0 1 1 ${2 * radius} 0a${radius} ${radius} 0 1 1 ${-2 * radius} 0Z`;
}

export function square(half: number, corner: number): string {
  const side = 2 * half - 2 * corner;
  return `M${-half + corner} ${-half}h${side}q${corner} 0 ${corner} ${corner}v${side}q0 ${corner} ${-corner} ${corner}h${-side}q${-corner} 0 ${-corner} ${-corner}v${-side}q0 ${-corner} ${corner} ${-corner}Z`;
}

export function cross(reach: number): string {
  return `M${-reach} ${-reach}L${reach} ${reach}M${reach} ${-reach}L${-reach} ${reach}`;
}

export const tick = "M-3 0.3L-0.9 2.5L3 -2.1";

/** The part of a circle from 12 o'clock on, clockwise. */
export function arc(radius: number, part: number): string {
  if (part <= 0.001) return "";
  if (part >= 0.999) return circle(radius);
  const angle = part * 2 * Math.PI;
  const [x, y] = [radius * Math.sin(angle), -radius * Math.cos(angle)];
  return `M0 ${-radius}A${radius} ${radius} 0 ${part > 0.5 ? 1 : 0} 1 ${x.toFixed(2)} ${y.toFixed(2)}`;
}

/** A node's sign, small, as in the rows of the ledger: drawn anew when its look is another. */
export class NodeSign {
  readonly element = svg("g", { "aria-hidden": "true" });
  readonly #outline = svg("path", { class: "node-outline" });
  readonly #mark = svg("path", { class: "node-mark" });
  readonly #radius: number;
  #drawn = "";

  constructor(radius: number) {
    this.#radius = radius;
    this.element.append(this.#outline, this.#mark);
  }

  draw(look: NodeLook): void {
    const key = JSON.stringify(look);
    if (key === this.#drawn) return;
    this.#drawn = key;
    const { outline, mark } = roleShape(look, this.#radius);
    set(this.#outline, { d: outline });
    set(this.#mark, { d: mark ?? "" });
    this.#mark.style.transform = mark === crown ? `scale(${this.#radius / 9})` : "";
    this.element.setAttribute("class", classOf(look));
    this.element.style.setProperty("--term", termColour(look.term));
  }
}

/** The classes by which the style sheet colours a node. */
export function classOf({ role, isDown, isStale }: NodeLook): string {
  if (isDown) return "node is-down";
  return `node is-${role}${isStale ? " is-stale" : ""}`;
}
