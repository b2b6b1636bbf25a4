import type { Member } from "../cluster/index.ts";
import { entriesThatCount, type Exploration, type Moment } from "../exploration/index.ts";
import {
  decodePanelRequest,
  type PanelCommand,
  type PanelUpdate,
  type MomentPicture,
  type Picture,
  type PictureChange,
  type Selection,
  type Source,
  type Strings,
  type TourPicture,
} from "../panel/index.ts";
import { paperTiming, unreachable, type LogIndex, type NodeId } from "../raft/index.ts";
import { linkName } from "../trace/index.ts";
import { namesOf, type NameOf } from "./names.ts";
import { eventText } from "./event-text.ts";
import { detailOf } from "./panel-detail.ts";
import { EventList, sectionOf } from "./panel-events.ts";
import { FlightFeed, flightPicture } from "./panel-flights.ts";
import { ledgerPicture, type LedgerWindow } from "./panel-ledger.ts";
import { isDifferent, memberPicture, nodePicture, shortName } from "./panel-nodes.ts";
import { nodeText } from "./panel-node-text.ts";
import { Playhead } from "./panel-playhead.ts";
import { Remembered } from "./panel-remembered.ts";
import { TapeFeed } from "./panel-tape.ts";
import { commandText, entryText, outdatedText } from "./panel-texts.ts";

export interface SessionOptions {
  readonly exploration: Exploration;
  /** Who belonged to the cluster before the first event. */
  readonly members: readonly Member[];
  readonly source: () => Source;
  /** Translations of the panel's own texts. */
  readonly strings?: Strings;
  readonly tour?: () => TourPicture | null;
}

/** What a request asks the extension to do, beyond this panel. */
export interface Run {
  readonly kind: "run";
  readonly command: PanelCommand;
  readonly node: NodeId | null;
}

const defaultColumns = 40;

/** How much of the time around a moment the lanes are told of, and how many messages. */
const strandsAround = { before: 20_000, after: 5000, limit: 400 };

/**
 * One panel's look at an exploration: where it stands in time, what is selected, and what the
 * panel has been told. Knows no VS Code and no page.
 */
export class PanelSession {
  readonly #options: SessionOptions;
  readonly #nameOf: NameOf;
  readonly #playhead: Playhead;
  readonly #flights: FlightFeed;
  readonly #tape: TapeFeed;
  readonly #events: EventList;
  readonly #told = {
    source: new Remembered<Picture["source"]>(),
    members: new Remembered<Picture["members"]>(),
    clock: new Remembered<Picture["clock"]>(),
    cutLinks: new Remembered<Picture["cutLinks"]>(),
    ledger: new Remembered<Picture["ledger"]>(),
    detail: new Remembered<Picture["detail"]>(),
    tour: new Remembered<Picture["tour"]>(),
  };
  #window: LedgerWindow = { first: null, columns: defaultColumns };
  #selection: Selection | null = null;
  /** The moment that the panel was told of; undefined if it must be told everything. */
  #moment: Moment | undefined;
  #jumps = 0;
  #findingCount = 0;

  constructor(options: SessionOptions) {
    const { exploration, members, source } = options;
    this.#options = options;
    const named = namesOf(members, exploration);
    this.#nameOf = (id) => shortName(named(id));
    this.#playhead = new Playhead(exploration, source);
    this.#flights = new FlightFeed(exploration);
    this.#tape = new TapeFeed(exploration, this.#nameOf);
    this.#events = new EventList(exploration, this.#nameOf);
  }

  get isPast(): boolean {
    return this.#playhead.isPast;
  }

  /** Whether time goes on in the past that is shown, so that `tick` must be called. */
  get isPlaying(): boolean {
    return this.#playhead.isPlaying;
  }

  /** The moment that is shown. */
  get seq(): number {
    return this.#playhead.seq;
  }

  get selection(): Selection | null {
    return this.#selection;
  }

  /** What Figure 2 says of a node at the moment shown, as text; undefined if there is no such node. */
  textOf(node: NodeId): string | undefined {
    const moment = this.#options.exploration.moment(this.seq);
    if (this.#members(moment).every(({ id }) => id !== node)) return undefined;
    return nodeText(nodePicture(node, moment), this.#nameOf);
  }

  /** The command of the entry that counts at an index at the moment shown, however long. */
  commandAt(index: LogIndex): string | undefined {
    const moment = this.#options.exploration.moment(this.seq);
    const entry = entriesThatCount(moment)(index);
    if (entry?.kind !== "command") return entry && entryText(entry);
    return commandText(entry.command, Infinity);
  }

  /** Does what the panel asks for. Answers what is left for the extension to do, or a refusal. */
  request(raw: unknown): PanelUpdate | Run | undefined {
    const request = decodePanelRequest(raw);
    if (request === undefined) return { kind: "refused", text: outdatedText() };
    switch (request.kind) {
      case "ready":
        this.reset();
        return undefined;
      case "seek":
        this.seek(request.seq);
        return undefined;
      case "seekTime":
        this.#playhead.seekTime(request.time);
        return undefined;
      case "run":
        return { kind: "run", command: request.command, node: request.node ?? null };
      case "look":
        this.#window = { first: request.first, columns: request.columns };
        return undefined;
      case "select":
        this.#selection = request.selection;
        return undefined;
      // The page tells this to the panel, whatever is looked at.
      case "focus":
        return undefined;
      default:
        return unreachable(request);
    }
  }

  /** The panel has forgotten everything: what it is told next is everything. */
  reset(): void {
    this.#moment = undefined;
  }

  /** To the moment after `seq` events; the last is live. */
  seek(seq: number): void {
    this.#playhead.seek(seq);
  }

  goLive(): void {
    this.#playhead.goLive();
  }

  /** To the next event that shows something, or the one before. */
  step(direction: 1 | -1): void {
    this.seek(this.#events.next(this.seq, direction));
  }

  /** To the next moment that is marked on the tape, or the last before. */
  jump(direction: 1 | -1): void {
    const { exploration } = this.#options;
    const end = direction === 1 ? exploration.count : exploration.start.seq;
    this.seek(exploration.nextInteresting(this.seq, direction) ?? end);
  }

  /** Plays the past, or stops that. Answers false if there is none, because the panel is live. */
  playOrPause(): boolean {
    return this.#playhead.playOrPause();
  }

  /** Plays from where it stands to the moment `until`, then stands still. */
  playTo(until: number, speed: number): void {
    this.#playhead.playTo(until, speed);
  }

  /** Real time goes on by that much. */
  tick(realMillis: number): void {
    this.#playhead.tick(realMillis);
  }

  /** What the panel is to be told now; undefined if it knows everything. */
  nextUpdate(): PanelUpdate | undefined {
    const { exploration, strings = {} } = this.#options;
    this.#playhead.keepWithin();
    const moment = exploration.moment(this.seq);
    const before = this.#moment;
    const hasJumped = this.#jumps !== this.#playhead.jumps;
    this.#jumps = this.#playhead.jumps;
    this.#moment = moment;
    // Timing, of which no change can tell, becomes known with the first event.
    if (before === undefined || before.timing !== moment.timing) {
      const picture = { ...this.#momentPicture(moment), tape: this.#tape.whole() };
      return { kind: "opened", picture, strings };
    }
    if (hasJumped) {
      const tape = this.#tape.change();
      const picture = this.#momentPicture(moment);
      return { kind: "moved", picture, ...(tape === undefined ? {} : { tape }) };
    }
    const change = this.#change(before, moment);
    return Object.keys(change).length === 0 ? undefined : { kind: "changed", change };
  }

  /** Who belongs to the cluster at a moment. */
  #members({ seq }: Moment): readonly Member[] {
    return this.#options.exploration.membersAt(seq, this.#options.members);
  }

  #momentPicture(moment: Moment): MomentPicture {
    const { source, tour } = this.#options;
    const members = this.#members(moment);
    const { isPast, time } = this.#playhead;
    const told = this.#told;
    this.#findingCount = this.#options.exploration.findings.length;
    return {
      source: told.source.tell(source()),
      members: told.members.tell(members.map(memberPicture)),
      timing: moment.timing ?? paperTiming,
      clock: told.clock.tell(this.#playhead.clock(moment)),
      nodes: members.map(({ id }) => nodePicture(id, moment)),
      flights: this.#flights.whole(moment, time),
      cutLinks: told.cutLinks.tell(cutLinks(moment, members)),
      ledger: told.ledger.tell(ledgerPicture(moment, members, this.#window)),
      strands: this.#strands(),
      events: this.#events.whole(moment.seq, isPast),
      findings: this.#findings(),
      detail: told.detail.tell(this.#detail(moment)),
      tour: told.tour.tell(tour?.() ?? null),
    };
  }

  #change(before: Moment, moment: Moment): PictureChange {
    const { exploration } = this.#options;
    const { isPast, time } = this.#playhead;
    const known = this.#members(before);
    const nodes = this.#members(moment)
      .filter((member) => !known.includes(member) || isDifferent(member.id, before, moment))
      .map(({ id }) => nodePicture(id, moment));
    const events = this.#events.change(moment.seq, isPast);
    const tape = this.#tape.change();
    const hasFindings = this.#findingCount !== exploration.findings.length;
    this.#findingCount = exploration.findings.length;
    return {
      ...this.#news(moment),
      ...this.#flights.change(moment, time),
      ...(nodes.length === 0 ? {} : { nodes }),
      ...(tape === undefined ? {} : { tape }),
      ...(events.length === 0 ? {} : { events }),
      ...(hasFindings ? { findings: this.#findings() } : {}),
    };
  }

  /** Those of the small parts that are not as the panel was told. */
  #news(moment: Moment): PictureChange {
    const { source: sourceNow, tour: tourNow } = this.#options;
    const told = this.#told;
    const source = sourceNow();
    const members = this.#members(moment);
    const pictures = members.map(memberPicture);
    const clock = this.#playhead.clock(moment);
    const links = cutLinks(moment, members);
    const ledger = ledgerPicture(moment, members, this.#window);
    const detail = this.#detail(moment);
    const tour = tourNow?.() ?? null;
    return {
      ...(told.source.isNews(source) ? { source } : {}),
      ...(told.members.isNews(pictures) ? { members: pictures } : {}),
      ...(told.clock.isNews(clock) ? { clock } : {}),
      ...(told.cutLinks.isNews(links) ? { cutLinks: links } : {}),
      ...(told.ledger.isNews(ledger) ? { ledger } : {}),
      ...(told.detail.isNews(detail) ? { detail } : {}),
      ...(told.tour.isNews(tour) ? { tour } : {}),
    };
  }

  #strands(): Picture["strands"] {
    const { exploration } = this.#options;
    const { time, isPast } = this.#playhead;
    const { before, after, limit } = strandsAround;
    const around = { from: time - before, time, to: time + after, limit };
    // In the past, the lanes show what is to come, too.
    const known = isPast ? exploration.count : this.seq;
    return exploration.strands(around).map((journey) => flightPicture(journey, known));
  }

  #findings(): Picture["findings"] {
    return this.#options.exploration.findings.map(({ check, text, at, because }) => ({
      check,
      text,
      section: sectionOf(check),
      seq: at.seq + 1,
      because: because.map((event) => ({
        seq: event.seq + 1,
        text: eventText(event, this.#nameOf),
      })),
    }));
  }

  #detail(moment: Moment): Picture["detail"] {
    const { exploration } = this.#options;
    const members = this.#members(moment);
    return detailOf(this.#selection, moment, { exploration, members, nameOf: this.#nameOf });
  }
}

function cutLinks({ view }: Moment, members: readonly Member[]): Picture["cutLinks"] {
  if (view.cutLinks.size === 0) return [];
  const ids = members.map(({ id }) => id);
  return ids.flatMap((from) =>
    ids.filter((to) => view.cutLinks.has(linkName(from, to))).map((to) => ({ from, to })),
  );
}
