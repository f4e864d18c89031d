/** What a reader said, kept in the reader's browser only. */

const PREFIX = "netlearn:"; // before every name, so that what is ours is told from what is not

/**
 * The place for one thing. A browser may keep nothing, and what it keeps need not be ours.
 * @param {string} name
 */
export function kept(name) {
  /**
   * @template T
   * @param {(all: Storage, key: string) => T} act
   * @returns {T | undefined}
   */
  const attempt = (act) => {
    try {
      return act(localStorage, PREFIX + name); // even to name it may be refused
    } catch {}
  };
  return {
    /**
     * What was kept, if it fits; it may be the plain text that earlier pages kept. Else `undefined`.
     * @template [T=unknown]
     * @param {((said: unknown) => said is T) | ((said: unknown) => boolean)} fits
     * @returns {T | undefined}
     */
    get(fits) {
      const text = attempt((all, key) => all.getItem(key)) ?? undefined;
      const read = text === undefined ? undefined : attempt(() => JSON.parse(text));
      return [read, text].find((said) => said !== undefined && fits(said));
    },
    /** @param {unknown} value */
    set: (value) => attempt((all, key) => all.setItem(key, JSON.stringify(value))),
    forget: () => attempt((all, key) => all.removeItem(key)),
  };
}
