/**
 * What a reader sees of a figure, measured in its page: the tests and `make screens` ask it. Every measure gives what is
 * at fault, in words, and nothing where all is well.
 */
(() => {
  /** @typedef {{type: number, target: number, finger: number, room: number, screen: number}} Limits  in CSS pixels */
  /** @typedef {{picture: string, controls: string, sentence: string}} Parts  selectors of what is looked at together */

  const PRESSED = "button, input, select, summary, a[href], [role=button]";
  const STEP = 1.5; // by which a hit is looked for from the middle of a target
  const BAR = 80; // what of a page's top may lie under a bar that stays
  const PLACES = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8];
  const ANGLES = [0, 45, 90, 135].map((angle) => [
    Math.cos((angle * Math.PI) / 180),
    Math.sin((angle * Math.PI) / 180),
  ]);
  const NEAR = 2; // what is off by so much lies on the same line

  /** @param {Element} part */
  const isSeen = (part) => {
    const box = part.getBoundingClientRect();
    return part.checkVisibility({ visibilityProperty: true }) && box.width > 0 && box.height > 0;
  };
  /** @type {(root: Element, selector: string) => Element[]} */
  const seen = (root, selector) => [...root.querySelectorAll(selector)].filter(isSeen);
  /** @param {string | null} text */
  const short = (text) => (text ?? "").replace(/\s+/g, " ").trim().slice(0, 48);
  /** @param {Element} part */
  const named = (part) => {
    const word = part.getAttribute("aria-label") || short(part.textContent) || part.getAttribute("data-key") || "";
    return `${part.tagName.toLowerCase()}.${(part.getAttribute("class") ?? "").split(" ")[0]} “${short(word)}”`;
  };
  /** @param {number} value */
  const px = (value) => `${Math.round(value * 10) / 10} px`;
  /**
   * The texts of a part that are seen, each with where it stands.
   * @param {Element} root
   */
  const texts = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    /** @type {{part: Element, words: string, box: DOMRect}[]} */
    const found = [];
    while (walker.nextNode()) {
      const part = walker.currentNode.parentElement;
      if (!part || !walker.currentNode.nodeValue?.trim() || part.closest("script, style, template, option, noscript"))
        continue;
      if (!isSeen(part)) continue;
      const range = document.createRange();
      range.selectNodeContents(walker.currentNode);
      const box = range.getBoundingClientRect();
      // What is for ears alone stands in a box of one pixel.
      if (box.width && part.getBoundingClientRect().width > 2)
        found.push({ part, words: short(walker.currentNode.nodeValue), box });
    }
    return found;
  };
  /** @param {Element} part */
  const scaleOf = (part) => {
    const matrix = part instanceof SVGGraphicsElement ? part.getScreenCTM() : null;
    return matrix ? Math.sqrt(Math.abs(matrix.a * matrix.d - matrix.b * matrix.c)) : 1;
  };
  /** @type {(inner: DOMRect, outer: DOMRect) => boolean} */
  const isInside = (inner, outer) =>
    inner.left >= outer.left - NEAR &&
    inner.right <= outer.right + NEAR &&
    inner.top >= outer.top - NEAR &&
    inner.bottom <= outer.bottom + NEAR;
  /** What is around a part, up to the figure. @type {(part: Element, figure: Element) => Element[]} */
  const aroundOf = (part, figure) => {
    const around = part.parentElement;
    return around && around !== figure ? [around, ...aroundOf(around, figure)] : [];
  };
  /** @param {Element} part */
  const clips = (part) => getComputedStyle(part).overflowX !== "visible";

  const STILL = new CSSStyleSheet(); // which no policy of the page's forbids, as it would an element
  STILL.replaceSync("*, *::before, *::after { transition: none !important }");
  /**
   * What is found while a change of style takes no time.
   * @template T
   * @param {() => T} act
   */
  const atOnce = (act) => {
    document.adoptedStyleSheets.push(STILL);
    try {
      return act();
    } finally {
      document.adoptedStyleSheets.pop();
    }
  };

  /** What scrolls sideways, or would have to. @param {Element} figure */
  const sideways = (figure) => {
    const wide = [figure, ...seen(figure, "*")].filter(
      (part) =>
        part instanceof HTMLElement &&
        /auto|scroll/.test(getComputedStyle(part).overflowX) &&
        part.scrollWidth > part.clientWidth + 1 &&
        !part.matches("input, select"),
    );
    const faults = wide.map((part) => `${named(part)} is ${part.scrollWidth} px wide in ${part.clientWidth}`);
    const { right } = figure.getBoundingClientRect();
    if (right > document.documentElement.clientWidth + 1) faults.push(`the figure ends at ${px(right)}`);
    return faults;
  };

  /** What of a picture lies outside of what is seen of it. @param {Element} figure */
  const whole = (figure) =>
    seen(figure, "svg.nl-net:not(.nl-icon), .nl-still img").flatMap((picture) => {
      const box = picture.getBoundingClientRect();
      /** @type {string[]} */
      const faults = [];
      for (const around of aroundOf(picture, figure)) {
        const outer = around.getBoundingClientRect();
        if (clips(around) && (box.left < outer.left - NEAR || box.right > outer.right + NEAR))
          faults.push(`${named(around).split(" ")[0]} shows ${px(outer.width)} of ${px(box.width)}`);
      }
      const out = [...picture.querySelectorAll("text, rect, circle, .nl-line")].filter(
        (part) =>
          isSeen(part) &&
          !part.closest("defs, clipPath, mask, pattern") &&
          !isInside(part.getBoundingClientRect(), box),
      );
      if (out.length) faults.push(`${out.length} outside of the picture, as ${named(out[0] ?? picture)}`);
      return faults;
    });

  /** Type that is smaller than it may be. @type {(figure: Element, limits: Limits) => string[]} */
  const type = (figure, limits) => {
    /** @type {Map<string, string>} */
    const small = new Map();
    for (const { part, words } of texts(figure)) {
      const size = Number.parseFloat(getComputedStyle(part).fontSize) * scaleOf(part);
      if (size < limits.type - 0.05) small.set(px(size), words);
    }
    return [...small].map(([size, words]) => `${size}: “${words}”`);
  };

  /** @type {(inner: DOMRect, outer: DOMRect) => boolean} */
  const isAside = (inner, outer) => inner.left < outer.left - NEAR || inner.right > outer.right + NEAR;
  /**
   * By what a text of the figure is cut off, if by anything. What lies in a list that scrolls is reached there.
   * @type {(part: Element, box: DOMRect, figure: Element) => string | null}
   */
  const cutBy = (part, box, figure) => {
    for (const around of [part, ...aroundOf(part, figure)]) {
      const { overflowX, overflowY } = getComputedStyle(around);
      const outer = around.getBoundingClientRect();
      if (
        /auto|scroll/.test(overflowX + overflowY) &&
        (around.scrollHeight > around.clientHeight || around.scrollWidth > around.clientWidth)
      )
        return null;
      if (/hidden|clip/.test(overflowX) && isAside(box, outer)) return named(around).split(" ")[0] ?? "";
      if (/hidden|clip/.test(overflowY) && box.bottom > outer.bottom + NEAR) return named(around).split(" ")[0] ?? "";
    }
    return isAside(box, figure.getBoundingClientRect()) ? "the figure" : null;
  };
  /** Text that is cut off; what lies outside of a picture `whole` tells. @param {Element} figure */
  const clipped = (figure) => {
    const faults = texts(figure).flatMap(({ part, words, box }) => {
      const by = part instanceof SVGElement ? null : cutBy(part, box, figure);
      return by ? [`by ${by}: “${words}”`] : [];
    });
    const pen = document.createElement("canvas").getContext("2d");
    for (const select of seen(figure, "select")) {
      if (!(select instanceof HTMLSelectElement) || !pen) continue;
      const style = getComputedStyle(select);
      pen.font = style.font;
      const words = select.selectedOptions[0]?.textContent ?? "";
      const room = select.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight);
      if (pen.measureText(words).width > room + NEAR) faults.push(`by a select: “${short(words)}”`);
    }
    for (const button of seen(figure, "button"))
      if (button.scrollWidth > button.clientWidth + NEAR) faults.push(`by itself: ${named(button)}`);
    return [...new Set(faults)];
  };

  /** What of a part is pressed: the area of a cable, or the one of a node's two boxes that is drawn just now. @param {Element} part */
  const shapeOf = (part) =>
    [...part.querySelectorAll(".nl-hit, .nl-shape")].find((each) => each.getBoundingClientRect().width) ?? part;

  /** Where a part stands, once it is on the screen. @param {Element} part */
  const broughtIntoView = (part) => {
    const box = part.getBoundingClientRect();
    const around = part.closest("button, [role=button], label, svg");
    /** @type {(across: number, along: number) => boolean} */
    const sees = (across, along) =>
      around?.contains(document.elementFromPoint(box.x + across * box.width, box.y + along * box.height)) ?? false;
    // What is on the screen may still be out of sight in a list of its own, or partly under what stays over a drawing.
    const isSeen = sees(0.5, 0.5) && (!(part instanceof SVGElement) || (sees(0.5, 0.05) && sees(0.5, 0.95)));
    if (isSeen && isInside(box, new DOMRect(0, BAR, innerWidth, innerHeight - BAR))) return box;
    part.scrollIntoView({ block: "center", inline: "center" });
    return part.getBoundingClientRect();
  };

  /**
   * How far a target of a drawing reaches through its middle, in its narrowest direction, where nothing covers it. It is
   * looked for no further than what is enough.
   * @type {(part: Element, enough: number) => number}
   */
  const reach = (part, enough) => {
    const shape = shapeOf(part);
    const box = broughtIntoView(shape);
    /** @type {(x: number, y: number) => boolean} */
    const hits = (x, y) => part.contains(document.elementFromPoint(x, y));
    let most = 0;
    // A cable is bent or slanted: the middle of its box may be beside it, and what is in its middle may lie over it.
    for (const across of PLACES)
      for (const along of PLACES) {
        const [x, y] = [box.left + across * box.width, box.top + along * box.height];
        if (!hits(x, y)) continue;
        const far = ANGLES.map(([dx = 0, dy = 0]) => {
          let width = 1;
          for (const way of [STEP, -STEP])
            for (let at = way; width < enough && hits(x + at * dx, y + at * dy); at += way) width += STEP;
          return width;
        });
        most = Math.max(most, Math.min(...far));
        if (most >= enough) return most;
      }
    return most;
  };

  /** Targets that are too small for a pointer, or for a finger. @type {(figure: Element, limits: Limits, finger: boolean) => string[]} */
  const targets = (figure, limits, finger) => {
    const all = seen(figure, PRESSED).filter(
      (part) => !(part instanceof HTMLInputElement && part.type === "range" && part.disabled),
    );
    const areas = all.map((part) => {
      const label = part instanceof HTMLInputElement && /radio|checkbox/.test(part.type) ? part.closest("label") : null;
      return { part, box: (label ?? part).getBoundingClientRect() };
    });
    return areas.flatMap(({ part, box }, index) => {
      if (part instanceof SVGElement) {
        const size = reach(part, limits.target);
        return size < limits.target ? [`${px(size)} to press: ${named(part)}`] : [];
      }
      if (part.closest("p, li") && part.matches("a")) return []; // a word in a sentence
      const size = Math.min(box.width, box.height);
      if (size < limits.target - 0.5) return [`${px(size)}: ${named(part)}`];
      if (!finger || size >= limits.finger - 0.5) return [];
      const gaps = areas
        .filter((_, other) => other !== index)
        .map((other) =>
          Math.max(
            other.box.left - box.right,
            box.left - other.box.right,
            other.box.top - box.bottom,
            box.top - other.box.bottom,
          ),
        );
      const gap = Math.min(...gaps);
      return gap < limits.room ? [`${px(size)} with ${px(gap)} of room: ${named(part)}`] : [];
    });
  };

  /** Whether picture, controls and sentence fit a screen together. @type {(figure: Element, limits: Limits, parts: Parts) => string[]} */
  const together = (figure, limits, parts) => {
    const found = Object.entries(parts).map(([name, selector]) => ({
      name,
      box: seen(figure, selector).map((part) => part.getBoundingClientRect()),
    }));
    // Where something is asked there is no answer yet.
    const missing = found.filter(({ name, box }) => !box.length && name !== "sentence").map(({ name }) => `no ${name}`);
    const boxes = found.flatMap(({ box }) => box);
    const height = Math.max(...boxes.map((box) => box.bottom)) - Math.min(...boxes.map((box) => box.top));
    return [...missing, ...(height > limits.screen ? [`${px(height)} high`] : [])];
  };

  /** What of an element stands in a picture without its colours. @param {Element} part */
  const formOf = (part) => {
    const parts = [part, ...part.querySelectorAll("*")];
    return JSON.stringify(
      parts.map((each) => {
        const style = getComputedStyle(each);
        const own = style.forcedColorAdjust === "none" ? [style.backgroundColor, style.color, style.borderColor] : [];
        const marks = ["::before", "::after"].map((which) => getComputedStyle(each, which).content);
        return [
          style.borderStyle,
          style.borderWidth,
          style.outlineStyle,
          style.outlineStyle === "none" ? "" : style.outlineWidth,
          style.textDecorationLine,
          style.fontWeight,
          style.strokeWidth,
          style.strokeDasharray,
          style.display,
          style.visibility,
          ...marks,
          ...own,
        ];
      }),
    );
  };
  const CHOICES = { "aria-pressed": "true", "aria-current": "step", "aria-selected": "true", "aria-checked": "true" };
  /** What is chosen and looks, without the colours of the page, as if it were not. @param {Element} figure */
  const chosen = (figure) =>
    Object.entries(CHOICES).flatMap(([name, on]) =>
      seen(figure, `[${name}="${on}"]`).flatMap((part) => {
        const [drawn, off] = atOnce(() => {
          const before = formOf(part);
          if (name === "aria-current") part.removeAttribute(name);
          else part.setAttribute(name, "false");
          const after = formOf(part);
          part.setAttribute(name, on);
          return [before, after];
        });
        // A cable that is cut has its cross elsewhere in the picture.
        return drawn === off && !(part instanceof SVGElement) ? [`${named(part)} looks as if it were not`] : [];
      }),
    );

  /** What tells an answer that the reader has not been asked for yet. @param {Element} figure */
  const told = (figure) =>
    seen(figure, ".nl-asking .nl-tells").map((part) => `${named(part)} is there before the answer`);

  /** What runs in the figure by itself; a colour that fades, as with another mode, is no motion. @param {Element} figure */
  const running = (figure) =>
    document.getAnimations().flatMap((animation) => {
      const { effect, playState } = animation;
      const part = effect instanceof KeyframeEffect ? effect.target : null;
      const fades =
        animation instanceof CSSTransition && /color|fill|stroke|opacity|shadow/.test(animation.transitionProperty);
      return playState === "running" && part && figure.contains(part) && isSeen(part) && !fades
        ? [`${named(part)} is animated`]
        : [];
    });
  /** What moves in the figure while so many frames are painted. @type {(figure: Element, frames: number) => Promise<string[]>} */
  const moving = (figure, frames) =>
    new Promise((resolve) => {
      /** @type {Map<string, number>} */
      const moved = new Map();
      const observer = new MutationObserver((records) => {
        for (const { target, attributeName } of records) {
          const what = `${named(/** @type {Element} */ (target))} ${attributeName}`;
          moved.set(what, (moved.get(what) ?? 0) + 1);
        }
      });
      observer.observe(figure, {
        attributes: true,
        subtree: true,
        attributeFilter: ["transform", "cx", "cy", "x", "y", "d", "style"],
      });
      let left = frames;
      const step = () => {
        left -= 1;
        if (left > 0) return requestAnimationFrame(step);
        observer.disconnect();
        // What is set once is an answer; what is set again and again is a motion.
        return resolve([...moved].filter(([, times]) => times > 2).map(([what]) => `${what} moves`));
      };
      requestAnimationFrame(step);
    });

  /** How an element looks that may have the focus, and what is in it. @param {Element} part */
  const lookOf = (part) => {
    const { parentElement: around } = part;
    const outlined = [part, ...part.querySelectorAll("*"), ...(part.matches("input") && around ? [around] : [])];
    return JSON.stringify(
      outlined.map((each) => {
        const style = getComputedStyle(each);
        return [
          style.outlineStyle === "none" ? "" : style.outline,
          style.boxShadow,
          style.border,
          style.stroke,
          style.strokeWidth,
          style.strokeOpacity,
          style.display,
          style.visibility,
          style.opacity,
        ];
      }),
    );
  };
  /** Whether the focus is somewhere in the figure, and is seen there. @param {Element} figure */
  const focus = (figure) => {
    const part = document.activeElement;
    if (!part || part === document.body) return ["the focus is lost"];
    if (!figure.contains(part)) return [`the focus is at ${named(part)}, outside of the figure`];
    if (!(part instanceof HTMLElement || part instanceof SVGElement)) return [];
    if (!isSeen(part)) return [`the focus is at ${named(part)}, which is not seen`];
    if (!part.matches(":focus-visible"))
      return part.tabIndex < 0 ? [] : [`the browser does not show the focus at ${named(part)}`];
    // Looked at with the same element without the focus; nobody may notice that it was away.
    const stop = (/** @type {Event} */ event) => event.stopImmediatePropagation();
    const heard = ["blur", "focus", "focusin", "focusout", "change"];
    for (const event of heard) addEventListener(event, stop, true);
    const [drawn, without] = atOnce(() => {
      const before = lookOf(part);
      part.blur();
      const after = lookOf(part);
      part.focus({ preventScroll: true });
      return [before, after];
    });
    for (const event of heard) removeEventListener(event, stop, true);
    return drawn === without ? [`the focus at ${named(part)} is not seen`] : [];
  };

  /** A place on the screen at which the part is pressed: it may be bent, and partly covered. @param {Element} part */
  const place = (part) => {
    const shape = shapeOf(part);
    const box = broughtIntoView(shape);
    for (const across of PLACES)
      for (const along of PLACES) {
        const [x, y] = [box.left + across * box.width, box.top + along * box.height];
        if (part.contains(document.elementFromPoint(x, y))) return { x, y };
      }
    return null;
  };

  /** Leaves of a gallery this figure alone on the page: what the others cost is not asked. @param {Element} figure */
  const alone = (figure) => {
    for (const section of document.querySelectorAll("article > section"))
      section.toggleAttribute("hidden", !section.contains(figure));
  };

  /** @type {WeakMap<Element, string>} */
  const before = new WeakMap();
  /**
   * Whether the figure is another than when it was looked at before, and where in it the picture stands.
   * @type {(figure: Element, selector: string) => [boolean, number | null]}
   */
  const look = (figure, selector) => {
    const now = figure.innerHTML;
    const isOther = before.get(figure) !== now;
    before.set(figure, now);
    const picture = seen(figure, selector)[0];
    return [isOther, picture ? picture.getBoundingClientRect().top - figure.getBoundingClientRect().top : null];
  };

  /**
   * What is at fault with a figure, by the names of the measures that are asked for.
   * @param {Element} figure
   * @param {{asked: string[], limits: Limits, parts: Parts, finger: boolean}} given
   */
  const faults = (figure, { asked, limits, parts, finger }) => {
    /** @type {Record<string, () => string[]>} */
    const measures = {
      sideways: () => sideways(figure),
      whole: () => whole(figure),
      type: () => type(figure, limits),
      clipped: () => clipped(figure),
      targets: () => targets(figure, limits, finger),
      together: () => together(figure, limits, parts),
      chosen: () => chosen(figure),
      told: () => told(figure),
      running: () => running(figure),
    };
    return Object.fromEntries(asked.map((name) => [name, measures[name]?.() ?? ["no such measure"]]));
  };

  Object.assign(globalThis, { shown: { faults, moving, focus, place, look, alone } });
})();
