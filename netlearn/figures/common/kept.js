/** What a reader said, kept in the reader's browser only. */

const PREFIX = "netlearn:"; // before every name, so that what is ours is told from what is not

/** The place for one thing. A browser may keep nothing, and what it keeps need not be ours. */
export function kept(name) {
  const attempt = (act) => {
    try {
      return act(localStorage, PREFIX + name);
    } catch {}
  };
  return {
    /** What was kept, if it fits; it may be the plain text that earlier pages kept. Else `undefined`. */
    get(fits) {
      const text = attempt((all, key) => all.getItem(key)) ?? undefined;
      return [attempt(() => JSON.parse(text)), text].find((said) => said !== undefined && fits(said));
    },
    set: (value) => attempt((all, key) => all.setItem(key, JSON.stringify(value))),
    forget: () => attempt((all, key) => all.removeItem(key)),
  };
}
