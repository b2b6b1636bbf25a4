import {
  window,
  type InputBoxValidationMessage,
  type QuickInputButton,
  type QuickPick,
  type QuickPickItem,
} from "vscode";

// Questions to the user. Each answers undefined when the user turns away from it.

export interface PickOptions<Item extends QuickPickItem> {
  readonly title: string;
  readonly placeholder: string;
  readonly items: readonly Item[];
  /** Where Enter leads; the first item if there is none. */
  readonly active: Item | undefined;
}

export function pickOne<Item extends QuickPickItem>(
  options: PickOptions<Item>,
): Promise<Item | undefined> {
  const pick = window.createQuickPick<Item>();
  pick.title = options.title;
  pick.placeholder = options.placeholder;
  pick.items = options.items;
  pick.matchOnDescription = true;
  if (options.active !== undefined) pick.activeItems = [options.active];
  return chosen(pick);
}

export interface PickOrTypeOptions<Item extends QuickPickItem> {
  readonly title: string;
  readonly placeholder: string;
  readonly items: readonly Item[];
  /** What stands first for a text that is none of the items. */
  readonly typed: (text: string) => Item;
}

/** One of the items, or what is typed instead. */
export function pickOrType<Item extends QuickPickItem>(
  options: PickOrTypeOptions<Item>,
): Promise<Item | undefined> {
  const { title, placeholder, items, typed } = options;
  const pick = window.createQuickPick<Item>();
  pick.title = title;
  pick.placeholder = placeholder;
  pick.items = items;
  pick.onDidChangeValue((value) => {
    const text = value.trim();
    const isKnown = text === "" || items.some(({ label }) => label === text);
    pick.items = isKnown ? items : [typed(text), ...items];
  });
  return chosen(pick);
}

/** Shows it, and answers what is chosen; undefined if it is closed without that. */
function chosen<Item extends QuickPickItem>(pick: QuickPick<Item>): Promise<Item | undefined> {
  return new Promise((resolve) => {
    pick.onDidAccept(() => {
      resolve(pick.selectedItems[0]);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

export interface TextOptions {
  readonly title: string;
  readonly prompt: string;
  readonly placeholder: string;
  readonly value: string;
  /** What to say of the text so far; `Acceptable` may be accepted. */
  readonly judge: (text: string) => Judgement;
  /** A button beside the title, if there is one. */
  readonly button: QuickInputButton | null;
}

export interface Judgement {
  readonly isAcceptable: boolean;
  readonly message: InputBoxValidationMessage | undefined;
}

export type TextAnswer =
  | { readonly kind: "text"; readonly text: string }
  /** The button was pressed, with this much typed. */
  | { readonly kind: "button"; readonly text: string };

export function askText(options: TextOptions): Promise<TextAnswer | undefined> {
  const box = window.createInputBox();
  box.title = options.title;
  box.prompt = options.prompt;
  box.placeholder = options.placeholder;
  box.value = options.value;
  box.ignoreFocusOut = true;
  if (options.button !== null) box.buttons = [options.button];
  const judge = () => {
    const judgement = options.judge(box.value);
    box.validationMessage = judgement.message;
    return judgement;
  };
  judge();
  return new Promise((resolve) => {
    const answer = (kind: TextAnswer["kind"]) => {
      resolve({ kind, text: box.value });
      box.hide();
    };
    box.onDidChangeValue(judge);
    box.onDidTriggerButton(() => answer("button"));
    box.onDidAccept(() => {
      if (judge().isAcceptable) answer("text");
    });
    box.onDidHide(() => {
      resolve(undefined);
      box.dispose();
    });
    box.show();
  });
}

export interface Confirmation {
  readonly question: string;
  /** What follows from a yes. */
  readonly detail: string;
  /** The button that means it. */
  readonly yes: string;
}

/** Whether the user means what cannot be taken back. */
export async function confirmed({ question, detail, yes }: Confirmation): Promise<boolean> {
  const answer = await window.showWarningMessage(question, { modal: true, detail }, yes);
  return answer === yes;
}
