/** What the figures' modules hand to each other, said once. They are plain JavaScript; their comments name these types. */

/** A part of a figure: HTML around the drawing, SVG in it. */
export type Part = HTMLElement | SVGElement;

/** The class of an element, by which a part is asked for. */
export type Kind<T> = { new (): T; prototype: T };

/** What Python says of a figure: for each key the attributes that differ from the beginning (null: it goes), and the text. */
export type View = Record<string, Record<string, string | null>>;

/** A setting of one thing in a list: first what tells the thing, then the value. */
export type Row = (string | number)[];

/** A place in a drawing. */
export type Place = { x: number; y: number };

/** What the models of figures hold under the same names; a figure adds what only it has. */
export interface Shared {
  body: string;
  caption: string;
  /** What the reader sets, as it was at first. */
  first: Record<string, unknown>;
  cut: string[];
  down: string[];
  metrics: Row[];
}

/** What a figure reads from and writes to: a kernel's model (anywidget) in a notebook, `web/live/model.js` on a page. */
export interface Model<Own = unknown> {
  get<Name extends keyof (Shared & Own)>(name: Name): (Shared & Own)[Name];
  /** A name that only the drawing tells. */
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  /** Asks Python for the view that belongs to what was set. */
  save_changes(): void;
  /** Says something to the kernel that no state keeps; its answer is the event `msg:custom`. A page has nobody to say it to. */
  send?(content: object): void;
  on(event: string, act: (content?: object) => void): void;
  off(event: string, act: (content?: object) => void): void;
}

/** What a figure's `render` is given. */
export type Context<Own> = { model: Model<Own>; el: HTMLElement };

/** What of a network was pressed. */
export type Pressed = { link: string; node?: undefined } | { link?: undefined; node: string };

/** Listens to a part until the figure ends. */
export type Listen = <Name extends keyof HTMLElementEventMap>(
  part: Part,
  event: Name,
  act: (event: HTMLElementEventMap[Name]) => void,
) => void;
