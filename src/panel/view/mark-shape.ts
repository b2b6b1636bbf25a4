import type { MarkKind } from "../protocol.ts";
import { crown } from "./shapes.ts";

interface MarkShape {
  readonly d: string;
  readonly isFilled: boolean;
}

const lines = (d: string): MarkShape => ({ d, isFilled: false });
const filled = (d: string): MarkShape => ({ d, isFilled: true });

const star = "M0 -4.8L1.4 -1.7L4.8 -1.3L2.3 1L3 4.3L0 2.6L-3 4.3L-2.3 1L-4.8 -1.3L-1.4 -1.7Z";

/** Signs about eleven wide around the origin. */
export const markShapes: Readonly<Record<MarkKind, MarkShape>> = {
  election: lines(star),
  leader: filled(crown),
  crash: lines("M-3.4 -3.4L3.4 3.4M3.4 -3.4L-3.4 3.4"),
  restart: lines("M3.6 -2.2A4.3 4.3 0 1 0 4.2 1.2M4 -5v3h-3"),
  submit: filled("M-3.8 -2.6h7.6l-3.8 6z"),
  commit: lines("M-3.4 -0.4h6.8v4.8h-6.8zM-2 -0.4v-1.5a2 2 0 0 1 4 0v1.5"),
  cut: lines("M-5 0h3M2 0h3M-1.6 -3.4v6.8M1.6 -3.4v6.8"),
  heal: lines("M-5 0h10M-1.6 -3.4v6.8M1.6 -3.4v6.8"),
  violation: lines("M0 -4.6a4.6 4.6 0 1 1 0 9.2a4.6 4.6 0 1 1 0 -9.2M0 -2.4v2.7M0 2v0.4"),
};
