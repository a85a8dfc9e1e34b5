// A newcomer in a browser: opens /docs, types e-mail and API key, makes a token, pays for a call, looks at the wallet, tries an operation in
// Swagger UI, and reads in Redoc. Then every page in light, dark and at a phone's width is looked at by axe: no findings. No request may
// leave the instance, and no page may be wider than the screen.
import { check, close, host, inspect, open, report, url } from './browser.mjs';

const { context, page } = await open();

// From the one address to a paid call.
await page.goto(url + '/docs');
await page.locator('header [data-open-credentials]').click();
await page.locator('#credential-email').fill(process.env.PONTAGE_EMAIL);
await page.locator('#credential-key').fill(process.env.PONTAGE_KEY);
await page.getByRole('button', { name: 'Use them' }).click();
const send = async (name) => {
  const button = page.getByRole('button', { name, exact: true });
  await button.click();
  const answer = page.locator('.sample', { has: button }).locator('.answer');
  await answer.locator('.status').waitFor();
  return { status: await answer.locator('.status').innerText(), body: await answer.locator('pre').allInnerTexts().then((all) => all.join('')) };
};
const made = await send('Create the token');
check(made.status.startsWith('200') && /"token": "pt_/.test(made.body), 'no token: ' + made.status + made.body);
const token = JSON.parse(made.body).data.token;
const before = Number(JSON.parse((await send('Show the credit')).body).data.credit);
const paid = await send('Make the call');
const price = Number(paid.status.match(/charged ([0-9.]+)/)?.[1]);
check(paid.status.startsWith('200') && price > 0, 'not paid: ' + paid.status);
await page.reload();
const after = Number(JSON.parse((await send('Show the credit')).body).data.credit);
check(Math.abs(before - price - after) < 1e-6, `credit ${before} - ${price} is ${after}`);
for (const name of ['Look it up', 'List errors', 'List callbacks', 'List subscriptions', 'Show the totals', 'Show totals by API']) {
  const answer = await send(name);
  check(answer.status.startsWith('200'), `${name}: ${answer.status} ${answer.body}`);
}

// The samples hold what was typed, in every language; the keyboard chooses among them.
const tabs = page.locator('#create [role=tab]');
check((await tabs.count()) === 5, `${await tabs.count()} languages`);
await tabs.first().focus();
for (let i = 0; i < 5; i += 1) {
  const source = await page.locator('#create pre.source:not([hidden])').innerText();
  check(source.includes(process.env.PONTAGE_KEY) && !source.includes('PONTAGE_KEY'), 'not filled: ' + source);
  await page.keyboard.press('ArrowRight');
}
const rotated = await send('Rotate it');
check(rotated.status.startsWith('200') && JSON.parse(rotated.body).data.token !== token, 'not rotated: ' + rotated.status);

// Swagger UI: prefilled, one try, the answer with its price.
await page.goto(`${url}/docs/apis/${host}/swagger/`);
await page.locator('.opblock-summary-control', { hasText: '/postcodes/' }).click();
const block = page.locator('.opblock', { hasText: '/postcodes/' }).first();
await block.locator('input[placeholder=country]').fill('IT');
await block.locator('input[placeholder=postcode]').fill('00184');
await block.getByRole('button', { name: 'Execute' }).click();
const live = block.locator('.live-responses-table');
await live.waitFor();
const text = await live.innerText();
check(/\b200\b/.test(text) && /pontage-charged: 0\.05/i.test(text) && /Rome/.test(text), 'Swagger UI: ' + text);

// A developer who types a wrong key is told so.
await page.goto(url + '/docs');
await page.locator('header [data-open-credentials]').click();
await page.locator('#credential-key').fill('wrong');
await page.getByRole('button', { name: 'Use them' }).click();
check((await send('List scopes')).status.startsWith('401'), 'a wrong key');
await context.close();

// Credentials end with the tab.
const other = await open();
await other.page.goto(url + '/docs');
check((await other.page.evaluate(() => sessionStorage.length)) === 0 && (await other.page.evaluate(() => localStorage.length)) === 0, 'credentials stay');
await other.context.close();

// Everybody can use every page.
const api = `/docs/apis/${host}/`;
const platform = `/docs/apis/${process.env.PONTAGE_SANDBOX ? 'test.' : ''}oauth.pontage.localhost/`;
const pages = ['/docs/', '/docs/apis/', api, api + 'operations/read-postcode/', api + 'changes/', api + 'swagger/', api + 'redoc/', platform, platform + 'swagger/',
  platform + 'redoc/', '/docs/none'];
for (const [name, options] of Object.entries({ light: {}, dark: { colorScheme: 'dark' }, phone: { viewport: { width: 390, height: 844 } } })) {
  const reader = await open(options);
  for (const path of pages) {
    await reader.page.goto(url + path, { waitUntil: 'networkidle' });
    if (path.endsWith('redoc/')) {
      await reader.page.locator('#reference h2').first().waitFor();
    }
    if (path.endsWith('swagger/')) {
      await reader.page.locator('.opblock').first().waitFor();
      await reader.page.locator('.opblock-summary-control').first().click();
    }
    await inspect(reader, name);
  }
  await reader.context.close();
}
await close();
report(`a developer made a token and paid ${price}`);
