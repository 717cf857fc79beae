// Pictures of the live map of a running demo or service, to be looked at, and what the browser complained of.
//   npm run screenshots [-- FOLDER]   FIREGRID_URL (http://127.0.0.1:8080), CHROMIUM (/usr/bin/chromium)
import { chromium } from "playwright-core";

const url = process.env.FIREGRID_URL ?? "http://127.0.0.1:8080";
const out = process.argv[2] ?? "../target/screenshots";
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
  ],
});
let complaints = 0;
for (const [width, height] of [[1440, 900], [390, 844]]) {
  for (const colorScheme of ["light", "dark"]) {
    for (const lang of ["zh", "en"]) {
      for (const javaScriptEnabled of [true, false]) {
        const context = await browser.newContext({ viewport: { width, height }, colorScheme, javaScriptEnabled });
        const page = await context.newPage();
        const name = `map-${width}-${colorScheme}-${lang}${javaScriptEnabled ? "" : "-noscript"}`;
        const complain = (text) => { complaints += 1; console.log(`${name}: ${text}`); };
        page.on("console", (message) => {
          if (["error", "warning"].includes(message.type())) complain(message.text());
        });
        page.on("pageerror", (error) => complain(error.message));
        page.on("requestfailed", (request) => complain(`${request.url()} ${request.failure()?.errorText}`));
        await page.goto(`${url}/map?lang=${lang}`, { waitUntil: "networkidle" });
        await page.waitForTimeout(600);
        await page.screenshot({ path: `${out}/${name}.png`, fullPage: width < 500 });
        if (javaScriptEnabled) {
          await page.locator(".showit").first().click();
          await page.waitForTimeout(900);
          await page.screenshot({ path: `${out}/${name}-panel.png` });
        }
        await context.close();
      }
    }
  }
}
await browser.close();
console.log(`${complaints} complaints; pictures in ${out}`);
process.exitCode = complaints === 0 ? 0 : 1;
