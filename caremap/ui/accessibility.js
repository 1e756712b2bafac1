// What Streamlit 1.67's own widgets leave open, mended in the page once it is drawn. Streamlit
// sends this script again with every new page; it starts once. It reads no text and sends nothing.
(() => {
  if (window.caremapAids) return;
  window.caremapAids = true;

  const landmark = (element, name) => {
    element.setAttribute("role", "region");
    element.setAttribute("aria-label", name);
  };
  // [what is wrong, how it is mended]; what was mended matches no more, so each look is cheap.
  const mends = [
    // st.file_uploader, axe presentation-role-conflict: a name on what says it has no meaning.
    ['[data-testid="stFileUploaderDropzone"][role="presentation"]', (zone) => {
      zone.setAttribute("role", "group");
    }],
    // st.multiselect, axe aria-prohibited-attr: a chosen name is a label on a bare span.
    ["span[data-tag][aria-label]:not([role])", (tag) => tag.setAttribute("role", "group")],
    // st.date_input, axe landmark-no-duplicate-banner: the calendar's head is not the page's.
    ['[role="dialog"] header:not([role])', (head) => head.setAttribute("role", "group")],
    // st.selectbox, st.multiselect and the main menu, axe region: they open outside the page's
    // landmarks.
    [':not([role]) > [role="listbox"]', (list) => landmark(list.parentElement, "Choices")],
    ['[data-testid="stMainMenuPopover"]:not([role])', (menu) => landmark(menu, "Menu")],
    // st.dataframe, axe landmark-unique: each is a landmark, and a page with six files has dozens.
    ['[data-testid="stDataFrameResizable"][role="region"]', (table) => {
      table.setAttribute("role", "group");
    }],
    // st.metric and st.altair_chart, axe svg-img-alt: a layer without a mark is no picture.
    ['.vega-embed g[role="graphics-symbol"]:empty', (layer) => {
      layer.removeAttribute("role");
      layer.removeAttribute("aria-roledescription");
    }],
    // st.metric, WCAG 1.1.1: every spark line is called "Vega visualization".
    ['[data-testid="stMetricChart"][aria-label="Vega visualization"]', (spark) => {
      spark.setAttribute("role", "img");
      spark.setAttribute("aria-label", "Line of the same figure over the last whole periods");
      spark.removeAttribute("aria-roledescription");
    }],
  ];
  const mend = () => {
    for (const [wrong, how] of mends) document.querySelectorAll(wrong).forEach(how);
  };
  let waiting = false;
  const soon = () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => { waiting = false; mend(); }, 100);
  };
  new MutationObserver(soon).observe(document.body, { childList: true, subtree: true });
  mend();

  // On a telephone the sidebar lies over the page: choosing a page closes it, and the keyboard
  // and the screen reader go on in what was asked for.
  const over = matchMedia("(max-width: 768px)");
  document.addEventListener("click", (event) => {
    if (!over.matches || !event.target.closest('[data-testid="stSidebarNavLink"]')) return;
    setTimeout(() => {
      document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
      document.querySelector('[data-testid="stMain"]')?.focus({ preventScroll: true });
    });
  });

  // Paper is white: the style sheet must know which charts were drawn for the dark theme.
  const toPaper = () => {
    const app = document.querySelector('[data-testid="stApp"]');
    const dark = app !== null && getComputedStyle(app).colorScheme === "dark";
    document.documentElement.classList.toggle("drawn-dark", dark);
  };
  addEventListener("beforeprint", toPaper);
  matchMedia("print").addEventListener("change", toPaper);
})();
