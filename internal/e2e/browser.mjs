// What scripts in a browser share: pages whose every request and complaint is looked at, and axe, which looks at what is shown. A folder in
// PONTAGE_SCREENSHOTS gets a picture of everything that was looked at.
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

export const url = process.env.PONTAGE_URL;
export const host = process.env.PONTAGE_HOST;
const pictures = process.env.PONTAGE_SCREENSHOTS;
const axe = readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const browser = await chromium.launch({ executablePath: process.env.PONTAGE_BROWSER, args: ['--no-sandbox'] });
let requests = 0, findings = 0, looked = 0;
const left = [], complaints = [];

export const manners = { light: {}, dark: { colorScheme: 'dark' }, phone: { viewport: { width: 390, height: 844 } } };

export function check(condition, what) {
  if (!condition) {
    throw new Error(what);
  }
}

function watch(page) {
  page.setDefaultTimeout(30000);
  page.on('request', (request) => {
    requests += 1;
    const to = new URL(request.url());
    if (to.protocol.startsWith('http') && to.origin !== new URL(url).origin) {
      left.push(request.url());
    }
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && !/status of 4/.test(message.text()) && complaints.push(message.text()));
}

export async function open(options = {}) {
  const context = await browser.newContext(options);
  context.on('page', watch);
  return { context, page: await context.newPage() };
}

// inspect has axe look at a page as it is; the inspector evaluates beside the page's policy, which lets no script of ours in.
export async function inspect({ context, page }, name) {
  const inspector = await context.newCDPSession(page);
  const run = await inspector.send('Runtime.evaluate', {
    expression: axe + ';axe.run(document).then((r) => JSON.stringify(r.violations.map((v) => [v.id, v.nodes.map((n) => n.html.slice(0, 200) + n.failureSummary)])))',
    awaitPromise: true, returnByValue: true,
  });
  await inspector.detach();
  check(run.result.value, 'axe did not run: ' + JSON.stringify(run));
  const found = JSON.parse(run.result.value), path = new URL(page.url()).pathname;
  findings += found.length;
  looked += 1;
  found.forEach((f) => console.error(name, path, JSON.stringify(f).slice(0, 1500)));
  const width = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (width > 0) {
    complaints.push(`${path} is ${width} pixels wider than the screen (${name})`);
  }
  if (pictures) {
    await page.screenshot({ path: `${pictures}/${String(looked).padStart(3, '0')}-${name}${path.replaceAll('/', '_')}.png`, fullPage: true });
  }
}

export const close = () => browser.close();

// report says what was seen, and fails where anything was not as it must be.
export function report(what) {
  console.log(`${what} in the browser at ${url}; ${looked} views looked at, ${findings} axe findings, ${requests} requests, ${left.length} left the origin`);
  check(findings === 0 && left.length === 0 && complaints.length === 0, [...left, ...complaints].join('\n') || 'axe has findings');
}
