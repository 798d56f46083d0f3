/* What check_page asks of the document; each answers with findings in words. */
({
  structure() {
    const findings = [];
    const titles = document.querySelectorAll("h1").length;
    if (titles !== 1) findings.push(`structure: ${titles} h1 headings, one expected`);
    if (!document.title.trim()) findings.push("structure: no title");
    if (!document.documentElement.lang) findings.push("structure: no language");
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    for (const id of new Set(ids.filter((id, place) => ids.indexOf(id) !== place))) findings.push(`structure: id ${id} twice`);
    for (const element of document.querySelectorAll("[aria-describedby], [aria-labelledby]"))
      for (const name of ["aria-describedby", "aria-labelledby"])
        for (const id of (element.getAttribute(name) || "").split(/\s+/).filter(Boolean))
          if (!document.getElementById(id)) findings.push(`structure: ${name} names ${id}, which is not on the page`);
    for (const link of document.querySelectorAll(".error-summary a[href^='#']"))
      if (!document.getElementById(link.hash.slice(1))) findings.push(`structure: the error summary links to ${link.hash}`);
    return findings;
  },

  inline() {
    const findings = [];
    const show = (element) => element.outerHTML.slice(0, 160);
    for (const element of document.querySelectorAll("body [style], style"))
      findings.push(`inline style: ${show(element)}`);
    for (const element of document.querySelectorAll("script:not([src])"))
      if (!["application/json", "application/ld+json"].includes(element.type)) findings.push(`inline script: ${show(element)}`);
    for (const element of document.querySelectorAll("*"))
      for (const attribute of element.attributes)
        if (attribute.name.startsWith("on") || /^\s*javascript:/i.test(attribute.value)) findings.push(`inline script: ${show(element)}`);
    return findings;
  },

  reflow() {
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= wide) return [];
    const scrolls = (element) => element && (["auto", "scroll", "hidden"].includes(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
    const beyond = [...document.body.querySelectorAll("*")]
      .filter((element) => {
        const box = element.getBoundingClientRect();
        return (box.right > wide + 1 || box.left < -2) && !scrolls(element.parentElement);
      });
    const inner = beyond.filter((element) => !beyond.some((other) => other !== element && element.contains(other)));
    return inner.slice(0, 5).map((element) => `runs off the side: ${element.outerHTML.slice(0, 160)}`)
      .concat(inner.length ? [] : ["the page scrolls sideways"]);
  },

  /* A link inside a sentence is excepted by WCAG 2.5.8; a radio or checkbox counts together with its label. */
  targets() {
    const findings = [];
    const within = (element) => {
      const block = element.parentElement;
      const around = [...block.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
      return getComputedStyle(element).display === "inline" && around.length > 0;
    };
    for (const element of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")) {
      if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
      const boxes = [element, ...(element.labels || [])].map((part) => part.getBoundingClientRect());
      const width = Math.max(...boxes.map((box) => box.width));
      const height = Math.max(...boxes.map((box) => box.height));
      const hidden = boxes[0].bottom <= 0 && getComputedStyle(element).position === "absolute";
      if (hidden || within(element)) continue;
      if (width < 23.9 || height < 23.9)
        findings.push(`target ${Math.round(width)} by ${Math.round(height)} px: ${element.outerHTML.slice(0, 160)}`);
    }
    return findings;
  },

  links() {
    const places = new Map();
    for (const link of document.querySelectorAll("a[href]")) {
      const words = (link.getAttribute("aria-label") || link.textContent).replace(/\s+/g, " ").trim().toLowerCase();
      if (!places.has(words)) places.set(words, new Set());
      places.get(words).add(link.href);
    }
    return [...places].filter(([, addresses]) => addresses.size > 1)
      .map(([words, addresses]) => `link text "${words}" leads to ${addresses.size} places: ${[...addresses].slice(0, 3).join(", ")}`);
  },

  focus() {
    const element = document.activeElement;
    if (!element || element === document.body) return { place: "body", finding: "" };
    if (element === window.tendingFirst) return { place: "again", finding: "" };
    window.tendingFirst ??= element;
    const place = element.outerHTML.slice(0, 160);
    const drawn = [element, ...(element.labels || [])].some((part) => {
      const style = getComputedStyle(part);
      return style.outlineStyle === "auto" || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
    });
    if (!drawn) return { place, finding: "no visible focus" };
    const box = element.getBoundingClientRect();
    const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    return { place, finding: inside ? "" : "focus is off the screen" };
  },
})
