/**
 * The part of anywidget's front-end model that figures use, for a page without a kernel: a change is answered from the
 * record if it is there, else by Python in the page.
 */

/**
 * What a figure carries in its page. One that is only shown and never computed carries its body alone.
 * @typedef {object} Live
 * @property {string} [function]    "package.module:name" of the Python function that answers
 * @property {Record<string, any>} [state]  what it takes, by name
 * @property {string[]} [varies]    the part of it that the reader changes
 * @property {Record<string, object>} [recorded]  views by the JSON of what varies; `{beside}` names the file of a large one
 * @property {string} body
 */

/**
 * How a figure is doing, for whoever shows it.
 * @typedef {"fresh" | "waiting" | {failed: string}} Condition
 */

export class Model {
  #values;
  #live;
  #ask;
  #tell;
  #fetch;
  #listeners = [];
  #changed = new Set();
  #turn = 0;

  /**
   * @param {Live} live
   * @param {(name: string, state: Record<string, any>) => Promise<object>} ask  asks Python
   * @param {(condition: Condition) => void} tell
   * @param {(name: string) => Promise<object>} fetch  gets a recorded answer that lies beside the page
   */
  constructor(live, ask, tell, fetch) {
    const first = live.recorded?.[JSON.stringify(live.varies.map((name) => live.state[name]))];
    const chosen = Object.fromEntries((live.varies ?? []).map((name) => [name, live.state[name]]));
    this.#values = { ...live.state, body: live.body, view: first ?? {}, first: chosen, caption: "" };
    this.#live = live;
    this.#ask = ask;
    this.#tell = tell;
    this.#fetch = fetch;
  }

  get(name) {
    return this.#values[name];
  }

  set(name, value) {
    this.#values[name] = value;
    this.#changed.add(name);
    for (const [event, act] of [...this.#listeners]) if (event === `change:${name}`) act();
  }

  on(event, act) {
    this.#listeners.push([event, act]);
  }

  off(event, act) {
    this.#listeners = this.#listeners.filter(([other, its]) => other !== event || (act && its !== act));
  }

  send() {}

  /** All that the figure's function takes, as it is now. */
  state() {
    return Object.fromEntries(Object.keys(this.#live.state).map((name) => [name, this.#values[name]]));
  }

  /** Answers what was set since the last time. Of several changes in flight only the last one's answer is shown. */
  async save_changes() {
    const { varies = [], recorded } = this.#live;
    const touched = varies.some((name) => this.#changed.has(name));
    this.#changed.clear();
    if (!touched) return;
    const turn = ++this.#turn;
    const known = recorded[JSON.stringify(varies.map((name) => this.#values[name]))];
    if (known && !known.beside) return this.#answer(known);
    if (!known) this.#tell("waiting");
    try {
      const beside = known && (await this.#fetch(known.beside).catch(() => null)); // if it is lost, Python knows it too
      if (known && !beside && turn === this.#turn) this.#tell("waiting");
      const view = beside ?? (await this.#ask(this.#live.function, this.state()));
      if (turn === this.#turn) this.#answer(view);
    } catch (reason) {
      if (turn === this.#turn) this.#tell({ failed: reason.message });
    }
  }

  #answer(view) {
    this.set("view", view);
    this.#changed.clear();
    this.#tell("fresh");
  }
}
