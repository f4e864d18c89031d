/**
 * The part of anywidget's front-end model that figures use, for a page without a kernel: a change is answered from the
 * record if it is there, else by Python in the page.
 */

/**
 * What a figure carries in its page. One that is only shown and never computed carries its body alone.
 * @typedef {object} Live
 * @property {string} [function]    "package.module:name" of the Python function that answers
 * @property {Record<string, unknown>} [state]  what it takes, by name
 * @property {string[]} [varies]    the part of it that the reader changes
 * @property {Record<string, object & {beside?: string}>} [recorded]  views by the JSON of what varies; `beside` names the
 *   file of a large one
 * @property {string} body
 * @property {string} [caption]     of a figure that asks something: it comes after
 */

/**
 * How a figure is doing, for whoever shows it.
 * @typedef {"fresh" | "waiting" | {failed: string}} Condition
 */

export class Model {
  /** @type {Record<string, unknown>} */
  #values;
  #live;
  #held; // what the reader had set when Python answered last
  #ask;
  #tell;
  #fetch;
  /** @type {[event: string, act: () => void][]} */
  #listeners = [];
  /** @type {Set<string>} */
  #changed = new Set();
  #turn = 0;
  /** @type {Promise<unknown>} */
  #asked = Promise.resolve(); // what Python is busy with

  /**
   * @param {Live} live
   * @param {(name: string, state: Record<string, unknown>) => Promise<object>} ask  asks Python
   * @param {(condition: Condition) => void} tell
   * @param {(name: string) => Promise<object>} fetch  gets a recorded answer that lies beside the page
   */
  constructor(live, ask, tell, fetch) {
    const { state = {}, varies = [], recorded = {}, body, caption = "" } = live;
    const first = recorded[JSON.stringify(varies.map((name) => state[name]))];
    const chosen = Object.fromEntries(varies.map((name) => [name, state[name]]));
    this.#values = { ...state, body, view: first ?? {}, first: chosen, caption };
    this.#held = chosen;
    this.#live = { function: live.function, state, varies, recorded };
    this.#ask = ask;
    this.#tell = tell;
    this.#fetch = fetch;
  }

  /** @param {string} name */
  get(name) {
    return this.#values[name];
  }

  /**
   * @param {string} name
   * @param {unknown} value
   */
  set(name, value) {
    this.#values[name] = value;
    this.#changed.add(name);
    // A listener may take itself away: the list that is gone through is a copy.
    for (const [event, act] of [...this.#listeners]) if (event === `change:${name}`) act();
  }

  /**
   * @param {string} event
   * @param {() => void} act
   */
  on(event, act) {
    this.#listeners.push([event, act]);
  }

  /**
   * @param {string} event
   * @param {() => void} [act]  all of them if it is left out, as in anywidget
   */
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
    const { function: name, varies, recorded } = this.#live;
    const touched = varies.some((name) => this.#changed.has(name));
    this.#changed.clear();
    if (!touched || name === undefined) return;
    const turn = ++this.#turn;
    const known = recorded[JSON.stringify(varies.map((name) => this.#values[name]))];
    if (known && !known.beside) return this.#answer(known);
    if (!known) this.#tell("waiting");
    // The reader goes on meanwhile, and a later answer may come first: each looks whether its turn is still the last.
    try {
      const beside = known?.beside && (await this.#fetch(known.beside).catch(() => null)); // lost? Python knows it too
      if (known && !beside && turn === this.#turn) this.#tell("waiting");
      const view = beside || (await this.#last(name, turn));
      if (turn === this.#turn) this.#answer(view);
    } catch (reason) {
      if (turn !== this.#turn) return;
      const words = reason instanceof Error ? reason.message : String(reason);
      const [, refused] = /^netlearn\.errors\.\w+: (.*)$/s.exec(words) ?? [];
      if (refused === undefined) this.#tell({ failed: words });
      else this.#refuse(refused);
    }
  }

  /**
   * Asks Python once it is free, unless something else was set meanwhile: a hasty hand need not wait for all of it.
   * @param {string} name
   * @param {number} turn
   */
  async #last(name, turn) {
    await this.#asked;
    if (turn !== this.#turn) return {};
    const answer = this.#ask(name, this.state());
    this.#asked = answer.catch(() => {});
    return answer;
  }

  /**
   * What cannot be was set, by a link perhaps: all is as it was, as after a kernel's refusal.
   * @param {string} words
   */
  #refuse(words) {
    Object.assign(this.#values, this.#held);
    this.#tell("fresh");
    this.set("refused", words);
    this.#changed.clear();
  }

  /** @param {object} view */
  #answer(view) {
    this.#held = Object.fromEntries(this.#live.varies.map((name) => [name, this.#values[name]]));
    this.set("view", view);
    this.#changed.clear(); // the answer itself is nothing that the reader changed
    this.#tell("fresh");
  }
}
