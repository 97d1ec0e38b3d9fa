"""Opens the pages of a run in a real browser and looks at them as a reader would: pages.py KRUN [CHROMIUM]

For each page, light and dark, at four widths: nothing on the console, as many marks as records are known, a slider that moves what is seen,
lanes that can be gone along with keys, names for what can be operated, headings in order, contrast as WCAG 2 asks for, no scrolling to the
side, no word broken, no name printed over another one, nothing that reorders text, and carets below what they are about.
"""

import concurrent.futures
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SCENARIOS = [
    "scenarios/basic.json",
    "scenarios/faults/broker-dies-under-traffic.json",
    "scenarios/transactions/aborted-transaction.json",
    "scenarios/faults/lost-acknowledgement.json",
    "scenarios/faults/order-without-idempotence.json",
    "scenarios/groups/third-member.json",
    "Tests/Reports/scenarios/fails.json",
    "Tests/Reports/scenarios/has-strange-names.json",
    "Tests/Reports/pages/many.json",
    "Tests/Reports/pages/wide.json",
]
# A narrow window (no browser makes a smaller one), half a screen, a laptop, a projector.
SIZES = ["500,900", "800,900", "1280,800", "1920,1080"]
PAGE_LIMIT = 5_000_000
# How long the slider may take to move what is seen, of 100 000 messages, on a machine that is busy.
SLOWEST_MOVE = 100

WATCH = """
<script>
window.troubles = [];
window.addEventListener("error", (event) => troubles.push(String(event.message)));
window.addEventListener("unhandledrejection", (event) => troubles.push(String(event.reason)));
window.addEventListener("securitypolicyviolation", (event) => troubles.push("refused: " + event.blockedURI));
for (const name of ["error", "warn"]) console[name] = (...words) => troubles.push(words.join(" "));
</script>
"""

LOOK = r"""
<script>
(() => {
  const found = { troubles: window.troubles, problems: [] };
  const problem = (text) => found.problems.push(text);
  const parse = (text) => {
    const parts = text.match(/[\d.]+/g);
    return parts ? parts.slice(0, 4).map(Number) : [0, 0, 0, 0];
  };
  const over = (top, bottom) => {
    const alpha = top[3] ?? 1;
    return [0, 1, 2].map((index) => top[index] * alpha + bottom[index] * (1 - alpha));
  };
  const luminance = (colour) => {
    const [red, green, blue] = colour.map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (a, b) => {
    const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (light + 0.05) / (dark + 0.05);
  };
  const paper = () => over(parse(getComputedStyle(document.body).backgroundColor), [255, 255, 255]);
  function background(element) {
    const layers = [];
    for (let node = element; node; node = node.parentElement) layers.push(parse(getComputedStyle(node).backgroundColor));
    return layers.reverse().reduce((below, layer) => over(layer.length < 4 ? [...layer, 1] : layer, below), paper());
  }
  function lookAtContrast() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const seen = new Set();
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      if (!walker.currentNode.data.trim() || ["SCRIPT", "STYLE", "TITLE", "title"].includes(element.tagName)) continue;
      if (!element.checkVisibility()) continue;
      const style = getComputedStyle(element);
      let front, back;
      if (element.ownerSVGElement) {
        front = parse(style.fill);
        const mark = element.closest(".mark");
        back = paper();
        if (mark && !element.classList.contains("offset")) {
          const fill = parse(getComputedStyle(mark).fill);
          back = over([...fill.slice(0, 3), Number(getComputedStyle(mark).fillOpacity)], back);
        }
      } else {
        front = parse(style.color);
        back = background(element);
      }
      const size = parseFloat(style.fontSize), isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      const ratio = contrast(front.slice(0, 3), back);
      const name = `${element.tagName}.${element.getAttribute("class") ?? ""}`;
      if (ratio < (isLarge ? 3 : 4.5) && !seen.has(name)) {
        seen.add(name);
        problem(`contrast of ${name} "${walker.currentNode.data.trim().slice(0, 20)}" is ${ratio.toFixed(2)}`);
      }
    }
  }
  function lookAtNames() {
    const named = (element) => element.getAttribute("aria-label") || element.getAttribute("aria-labelledby")
      || element.textContent.trim() || (element.id && document.querySelector(`label[for="${element.id}"]`));
    for (const element of document.querySelectorAll("button, input, a, [tabindex], figure, section")) {
      if (!named(element)) problem(`${element.tagName} ${element.id} has no name`);
    }
    for (const element of document.querySelectorAll("[aria-labelledby]")) {
      if (!document.getElementById(element.getAttribute("aria-labelledby"))) problem(`nothing is ${element.getAttribute("aria-labelledby")}`);
    }
    for (const cell of document.querySelectorAll("thead th")) if (cell.scope !== "col") problem("a head of a column without scope");
    if (document.documentElement.lang !== "en") problem("no language");
    if (document.querySelectorAll("h1").length !== 1) problem("not one h1");
    let level = 0;
    for (const heading of document.querySelectorAll("h1, h2, h3, h4")) {
      const next = Number(heading.tagName[1]);
      if (next > level + 1) problem(`${heading.tagName} "${heading.textContent}" follows a heading of level ${level}`);
      level = next;
    }
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    if (new Set(ids).size !== ids.length) problem("an id stands twice");
  }
  const texts = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) if (!["SCRIPT", "STYLE"].includes(walker.currentNode.parentElement.tagName)) nodes.push(walker.currentNode);
    return nodes;
  };
  const place = (node, from, to) => {
    const range = document.createRange();
    range.setStart(node, from);
    range.setEnd(node, to);
    return range;
  };
  function lookAtWords() {
    for (const node of texts(document.body)) {
      const strange = node.data.match(/(?![\n\t\u200c\u200d\u2068\u2069])[\p{Cc}\p{Cf}]/u);
      if (strange) problem(`"${node.data}" has U+${strange[0].codePointAt(0).toString(16)}`);
      if (!node.parentElement.closest("table")) continue;
      // Such as NOT_ENOUGH_REPLICAS may be.
      for (const word of node.data.matchAll(/(?<!\w)\w{2,14}(?!\w)/g)) {
        const lines = new Set([...place(node, word.index, word.index + word[0].length).getClientRects()].map((rect) => Math.round(rect.top)));
        if (lines.size > 1) { problem(`"${word[0]}" is broken`); break; }
      }
      if (node.parentElement.closest("th, .short, .number") && place(node, 0, node.length).getBoundingClientRect().height > 60) problem(`"${node.data}" takes several lines`);
    }
  }
  function lookAtNamesInDrawings() {
    for (const figure of document.querySelectorAll("figure")) {
      const boxes = [...figure.querySelectorAll("svg text")].filter((text) => text.textContent && text.checkVisibility())
        .map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }));
      const frame = figure.getBoundingClientRect();
      boxes.forEach(({ text, box }, index) => {
        if (box.left < frame.left - 1 || box.right > frame.right + 1) problem(`"${text}" does not fit into ${figure.id}`);
        if (figure.id !== "owners") return;
        const over = boxes.slice(index + 1).find((other) => box.left + 1 < other.box.right && other.box.left + 1 < box.right
          && box.top + 4 < other.box.bottom && other.box.top + 4 < box.bottom);
        if (over) problem(`"${text}" and "${over.text}" are printed over each other`);
      });
    }
    const names = [...document.querySelectorAll("#owners .label")].map((label) => label.getAttribute("aria-label"));
    if (new Set(names).size !== names.length) problem(`owners are called ${names.join(", ")}`);
    for (const label of document.querySelectorAll("#owners .label")) {
      const told = [...label.querySelectorAll("text")].map((text) => text.textContent).join(" ");
      if (told !== label.getAttribute("aria-label")) problem(`${label.getAttribute("aria-label")} is shown as ${told}`);
    }
  }
  /** Each column of the terminal's text is as wide as any other one, also below characters that take two. */
  function lookAtCarets() {
    found.carets = 0;
    for (const text of document.querySelectorAll(".problem-text")) {
      const letters = texts(text).flatMap((node) => [...new Intl.Segmenter().segment(node.data)].map((part) => ({
        letter: part.segment, left: place(node, part.index, part.index + part.segment.length).getBoundingClientRect().left,
      })));
      const lines = [[]];
      for (const each of letters) if (each.letter === "\n") lines.push([]); else lines.at(-1).push(each);
      lines.forEach((line, index) => {
        const caret = line.findIndex((each) => each.letter === "^");
        if (caret < 0 || line.slice(0, caret).some((each) => !" |".includes(each.letter))) return;
        let column = 0;
        const above = lines[index - 1].find((each) => {
          if (column >= caret) return true;
          column += /\p{Script=Han}/u.test(each.letter) ? 2 : 1;
          return false;
        });
        if (lines[index - 1].some((each) => /\p{Script=Han}/u.test(each.letter))) found.carets += 1;
        if (Math.abs(above.left - line[caret].left) > 1) problem(`a caret stands ${(line[caret].left - above.left).toFixed(1)} beside "${above.letter}"`);
      });
    }
  }
  const marks = () => [...document.querySelectorAll(".mark")].reduce((sum, mark) => sum + Number(mark.dataset.total ?? 1), 0);
  function lookAtReplay() {
    const slider = document.getElementById("time");
    if (!slider) return;
    found.lanes = [...document.querySelectorAll(".lane")].map((lane) => [lane.dataset.lane, Number(lane.dataset.count)]);
    found.marks = marks();
    const times = [];
    const move = (value) => {
      slider.value = value;
      const from = performance.now();
      slider.dispatchEvent(new Event("input"));
      times.push(performance.now() - from);
      return Number(document.body.dataset.visible);
    };
    found.visible = [0, 250, 500, 750, 1000].map(move);
    found.slowestMove = Math.max(...times);
    const cursor = document.querySelector(".cursor");
    if (cursor) {
      move(0);
      const left = Number(cursor.getAttribute("x1"));
      move(1000);
      if (!(Number(cursor.getAttribute("x1")) > left + 100)) problem("the cursor does not move");
    }
    const lane = [...document.querySelectorAll(".lane")].find((each) => Number(each.dataset.count) > 0);
    if (lane) {
      const press = (key) => lane.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
      press("ArrowRight");
      const first = document.getElementById("record").textContent;
      if (!first.startsWith(lane.dataset.lane)) problem(`the first record of ${lane.dataset.lane} is told as "${first}"`);
      press("End");
      const last = document.getElementById("record").textContent;
      if (Number(lane.dataset.count) > 1 && first === last) problem("the arrow keys go nowhere");
      if (document.querySelectorAll(".chosen").length !== 1) problem("not one mark is chosen");
    }
    const play = document.getElementById("play");
    play.click();
    if (play.textContent !== "Pause" || play.getAttribute("aria-pressed") !== "true") problem("Play does not play");
    play.click();
    if (play.textContent !== "Play") problem("Pause does not pause");
    move(500);
    lookAtContrast();
    move(1000);
  }
  lookAtReplay();
  lookAtContrast();
  lookAtNames();
  lookAtWords();
  lookAtNamesInDrawings();
  lookAtCarets();
  found.dark = matchMedia("(prefers-color-scheme: dark)").matches;
  found.width = innerWidth;
  if (document.documentElement.scrollWidth > innerWidth) problem(`it is ${document.documentElement.scrollWidth} wide, of ${innerWidth}`);
  const result = document.createElement("pre");
  result.id = "found";
  result.textContent = JSON.stringify(found);
  document.body.append(result);
})();
</script>
"""


def look(chromium, page, size, dark):
    """What a browser finds in the page."""
    text = page.read_text(encoding="utf-8")
    text = text.replace('<meta charset="utf-8">', '<meta charset="utf-8">' + WATCH, 1)
    # The page of all scenarios runs no script of its own, and lets nobody run one.
    text = text.replace("style-src 'unsafe-inline'\"", "style-src 'unsafe-inline'; script-src 'unsafe-inline'\"")
    text = text.replace("</body>", LOOK + "</body>", 1)
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / "page.html"
        copy.write_text(text, encoding="utf-8")
        command = [
            chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={folder}/profile",
            f"--window-size={size}", f"--blink-settings=preferredColorScheme={0 if dark else 1}", "--dump-dom", copy.as_uri(),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    match = re.search(r'<pre id="found">(.*?)</pre>', done.stdout, re.DOTALL)
    if not match:
        sys.exit(f"{page.name}: the browser shows nothing\n{done.stderr[-2000:]}")
    unescaped = match.group(1).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return json.loads(unescaped)


def known(scenario):
    """How many records are known by partition, as the JSON report has it: acknowledged, or read by one of the steps."""
    sent, read = {}, {}

    def add(steps):
        for step in steps:
            if "produce" in step:
                for number, partition in step["outcome"]["partitions"].items():
                    name = f"{step['produce']}/{number}"
                    sent[name] = sent.get(name, 0) + partition["messages"]
            if "consume" in step:
                outcome = step["outcome"]
                for topic, records in outcome.get("topics", {step["consume"][0]: outcome}).items():
                    for number, partition in records["partitions"].items():
                        name = f"{topic}/{number}"
                        read[name] = max(read.get(name, 0), partition["messages"])
            for name in ("together", "repeat"):
                for inner in step.get(name, []):
                    add(inner)

    add(scenario["steps"])
    return {name: max(sent.get(name, 0), read.get(name, 0)) for name in [*sent, *read]}


def main():
    krun = sys.argv[1]
    chromium = sys.argv[2] if len(sys.argv) > 2 else shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        sys.exit("there is no chromium: install it, or name it")
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder)
        done = subprocess.run(
            [krun, "run", "--compact", "--report", f"json={out}/run.json", "--report", f"html={out}/pages", *SCENARIOS],
            capture_output=True, text=True, timeout=300, check=False)
        if done.returncode != 4:
            sys.exit(f"krun ended with {done.returncode}\n{done.stdout}{done.stderr}")
        # The same pages from the report.
        subprocess.run(
            [krun, "report", f"{out}/run.json", "--to", f"html={out}/again"], check=True, timeout=120, capture_output=True)
        report = json.loads((out / "run.json").read_text(encoding="utf-8"))
        pages = sorted((out / "pages").glob("*.html"))
        if [page.name for page in pages] != [page.name for page in sorted((out / "again").glob("*.html"))]:
            problems.append("the pages made of the report are others than those of the run")
        by_page = {}
        for scenario in report["scenarios"]:
            by_page[re.sub("[^A-Za-z0-9]+", "-", scenario["file"][:-5]).strip("-") + ".html"] = scenario
        problems += [f"{page.name} has {page.stat().st_size} bytes" for page in pages if page.stat().st_size > PAGE_LIMIT]
        looks = [(page, size, number % 2 == 1) for page in pages for number, size in enumerate(SIZES)]
        # A browser takes most of its time to begin.
        with concurrent.futures.ThreadPoolExecutor(max_workers=3) as pool:
            for (page, size, dark), found in zip(looks, pool.map(lambda each: look(chromium, *each), looks)):
                where = f"{page.name} at {size}{', dark' if dark else ''}"
                problems += [f"{where}: {text}" for text in found["problems"] + found["troubles"]]
                if found["dark"] != dark:
                    problems.append(f"{where}: the browser has not the colours that were asked for")
                if page.name == "index.html":
                    continue
                if page.name == "Tests-Reports-pages-wide.html" and found["carets"] == 0:
                    problems.append(f"{where}: no caret stands below wide characters")
                scenario = by_page[page.name]
                lanes = {name: count for name, count in found["lanes"] if count}
                expected = {name: count for name, count in known(scenario).items() if count}
                if lanes != expected:
                    problems.append(f"{where}: lanes have {lanes}, the outcome {expected}")
                total = sum(expected.values())
                if found["marks"] != total:
                    problems.append(f"{where}: {found['marks']} marks for {total} records")
                seen = found["visible"]
                if seen != sorted(seen) or seen[0] != 0 or seen[-1] != total:
                    problems.append(f"{where}: the slider shows {seen} of {total}")
                if found["slowestMove"] > SLOWEST_MOVE:
                    problems.append(f"{where}: the slider took {found['slowestMove']:.0f} ms")
        linked = re.findall(r'href="([^"]+)"', (out / "pages" / "index.html").read_text(encoding="utf-8"))
        if sorted(linked) != sorted(page.name for page in pages if page.name != "index.html"):
            problems.append(f"the index leads to {linked}")
    if problems:
        sys.exit("\n".join(problems))
    print(f"{len(pages)} pages, looked at {len(looks)} times in a browser: all as they should be")


if __name__ == "__main__":
    main()
