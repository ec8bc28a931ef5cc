// What a person does in VS Code: keys, clicks, and looking until something is seen. Nothing here waits for a time to pass.
import { readFileSync } from "node:fs";
import path from "node:path";

/** A person at the session that `start` answered with; pictures of what is seen go to `out`. */
export function person({ page, workspace }, out) {
  const editor = page.locator(".editor-instance .monaco-editor").first();
  const away = () => page.mouse.move(700, page.viewportSize().height - 4);
  const me = {
    page,
    workspace,
    editor,
    away,
    ok: (what) => console.log(`ok   ${what}`),
    see: (name) => page.screenshot({ path: path.join(out, `${name}.png`) }),
    saved: (file) => readFileSync(path.join(workspace, file), "utf8"),
    line: (text) => editor.locator(".view-line", { hasText: text }).first(),
    /** The word at the end of a line. */
    word: (text) => editor.locator(".view-line span span", { hasText: new RegExp(`^\\s*${text}$`) }).first(),

    async goTo(line, column = 1) {
      // An Enter that comes before the list has taken the number leaves the cursor where it was: so it is asked again.
      const there = page.locator("#status\\.editor\\.selection", { hasText: `Ln ${line}, Col ${column}` });
      await me.until(async () => {
        await page.keyboard.press("Escape");
        await page.keyboard.press("Control+KeyG");
        await page.locator(".quick-input-widget:visible input").first().fill(`:${line}:${column}`);
        await page.keyboard.press("Enter");
      }, there, "go to line");
    },
    /** Opens a file of the workspace and goes to the first line with `text`, behind the text. */
    async open(file, text) {
      const [folder, name] = [path.basename(path.dirname(file)).replace(/^\.$/, ""), path.basename(file)];
      const row = page.locator(".quick-input-list .monaco-list-row", { hasText: name }).filter({ hasText: folder });
      const opened = page.locator(".breadcrumbs-control:visible", { hasText: name }).filter({ hasText: folder });
      await me.until(async () => {
        await page.keyboard.press("Escape");
        await page.keyboard.press("Control+KeyP");
        await page.locator(".quick-input-widget:visible input").first().fill(file);
        await row.first().click({ timeout: 5000 }).catch(() => undefined);
      }, opened, file);
      const lines = me.saved(file).split("\n");
      const at = lines.findIndex((line) => line.includes(text));
      await me.goTo(at + 1, lines[at].indexOf(text) + text.length + 1);
    },
    async run(command) {
      const box = page.locator(".quick-input-widget:visible input").first();
      const row = page.locator(".quick-input-list .monaco-list-row", { hasText: command }).first();
      // The palette has the commands that were there when it was opened: one that comes later is in the next.
      await me.until(async () => {
        if (await box.isVisible()) await page.keyboard.press("Escape");
        await page.keyboard.press("F1");
        await box.fill(`>${command}`);
      }, row, command);
      await row.click();
    },
    /** The page within the newest view of a page. */
    front: () => page.frameLocator("iframe.webview >> nth=-1").frameLocator("#active-frame"),
    async closeFront() {
      const tabs = await page.locator(".tab").count();
      await page.keyboard.press("Control+KeyK");
      await page.keyboard.press("KeyW");
      await page.waitForFunction((before) => document.querySelectorAll(".tab").length < before, tabs);
    },
    /** Points at `what` until `wanted` is seen. */
    point: (what, wanted, name) =>
      me.until(async () => {
        const box = await what.boundingBox();
        // Drawn anew just now: there is a next time.
        if (box === null) return;
        await away();
        await page.mouse.move(box.x + box.width - 20, box.y + box.height / 2, { steps: 4 });
      }, wanted, name),
    /** Acts until `wanted` is seen: a late layout may take a key or a move of the mouse away. */
    async until(act, wanted, name) {
      for (let tries = 0; tries < 6; tries++) {
        await act();
        if (await wanted.first().waitFor({ timeout: 5000 }).then(() => true, () => false)) return;
      }
      throw new Error(`${name}: not seen`);
    },
    async eventually(holds, what) {
      for (let tries = 0; tries < 300; tries++) {
        if (await holds()) return;
        await page.waitForTimeout(100);
      }
      throw new Error(`it never comes about: ${what}`);
    },
  };
  return me;
}

/** Does `what` in a new session and ends it. A failure is seen in a picture, said, and is the exit code. */
export async function inSession(session, out, what) {
  const me = person(session, out);
  try {
    await what(me);
  } catch (error) {
    await me.see("failure");
    console.log(`FAIL ${error}`);
    process.exitCode = 1;
  } finally {
    await session.stop();
  }
}
