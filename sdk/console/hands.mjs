// Three ways to use the same page: with a mouse, with the keyboard alone, and without scripts.
//
// A chapter is written once, for a hand; what a hand cannot reach is a defect of the page.

import { assert } from "./shared.mjs";

/** With a mouse. */
export class Mouse {
  name = "mouse";
  options = {};

  constructor(page) {
    this.page = page;
  }

  async press(target) {
    await target.click();
  }

  async write(target, text) {
    await target.fill(text);
  }

  async tick(target) {
    await target.check();
  }

  async choose(target, label) {
    await target.selectOption({ label });
  }

  /** What the copy button beside a text puts on the clipboard. */
  async copy(button) {
    await this.page.evaluate(() => navigator.clipboard.writeText(""));
    await this.press(button);
    await this.page.getByText(/^Copied/).first().waitFor({ state: "attached" });
    return this.page.evaluate(() => navigator.clipboard.readText());
  }

  /** The text of a code block, as a person would take it. */
  async takeCode(figure) {
    return this.copy(figure.getByRole("button", { name: /^Copy/ }));
  }
}

/** How many times a person would press Tab before calling a page broken. */
const TABS_MAX = 250;

/** With the keyboard alone. */
export class Keyboard extends Mouse {
  name = "keyboard";

  async focus(target) {
    await target.waitFor();
    for (let tabs = 0; tabs < TABS_MAX; tabs += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) {
        await this.seeFocus(target);
        return;
      }
      await this.page.keyboard.press("Tab");
    }
    assert.fail(`not reached with ${TABS_MAX} tabs: ${target}`);
  }

  /** Whoever cannot point must see where they are. */
  async seeFocus(target) {
    const marked = await target.evaluate((element) => {
      const style = getComputedStyle(element);
      const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
      return outlined || style.boxShadow !== "none";
    });
    assert.ok(marked, `the focus is visible: ${target}`);
  }

  async press(target) {
    await this.focus(target);
    const leads = await target.evaluate((element) =>
      element.matches("a[href], button:not([type=button])"),
    );
    // A click waits for where it leads by itself; a key does not.
    const arrived = leads ? this.page.waitForEvent("load") : undefined;
    await this.page.keyboard.press("Enter");
    await arrived;
  }

  async write(target, text) {
    await this.focus(target);
    await this.page.keyboard.press("ControlOrMeta+A");
    await this.page.keyboard.type(text);
  }

  async tick(target) {
    if (await target.isChecked()) return;
    const kind = await target.getAttribute("type");
    if (kind !== "radio") {
      await this.focus(target);
      await this.page.keyboard.press("Space");
      return;
    }
    // A group of radio buttons is one stop; the arrows go through it.
    const name = await target.getAttribute("name");
    const group = this.page.locator(`input[type=radio][name="${name}"]`);
    const checked = this.page.locator(`input[type=radio][name="${name}"]:checked`);
    await this.focus((await checked.count()) > 0 ? checked : group.first());
    if ((await checked.count()) === 0) await this.page.keyboard.press("Space");
    for (let arrows = 0; arrows < 20 && !(await target.isChecked()); arrows += 1) {
      await this.page.keyboard.press("ArrowDown");
    }
    assert.ok(await target.isChecked(), `chosen with the arrows: ${target}`);
  }

  async choose(target, label) {
    await this.focus(target);
    await this.page.keyboard.type(label);
    const chosen = await target.evaluate((select) => select.selectedOptions[0].label);
    assert.equal(chosen, label);
  }
}

/** With a mouse in a browser that runs no scripts. */
export class Plain extends Mouse {
  name = "no script";
  options = { javaScriptEnabled: false };

  async takeCode(figure) {
    const lines = await figure.locator("code .line").allTextContents();
    return `${lines.join("\n")}\n`;
  }
}
