// A newcomer in a browser, without a terminal: opens /docs, registers by keyboard, reads the mail, follows its link, is shown an API key,
// makes a token, and pays for a call on the page and one in Swagger UI. Then again with the code typed, a forgotten password, and in each
// manner of looking, every view looked at by axe. PONTAGE_OPERATOR stands for the mailbox where this instance shows no outbox.
import { check, close, host, inspect, manners, open, report, url } from './browser.mjs';

const operator = process.env.PONTAGE_OPERATOR;
const sandbox = Boolean(process.env.PONTAGE_SANDBOX);
const password = 'correct horse battery';

const mailFor = async (to) => (await fetch(`${operator}/mail?to=${to}`)).text();
const codeFor = async (to) => (await mailFor(to)).match(/#code=(\S+)/)[1];
const linkFor = async (to) => (await mailFor(to)).match(/^http\S+#code=\S+$/m)[0];

// ---- by keyboard, from the address to a paid call ----
const { context, page } = await open();
const type = async (...keys) => {
  for (const key of keys) {
    await (key.length > 1 && !/ |@/.test(key) && /^[A-Z]/.test(key) ? page.keyboard.press(key) : page.keyboard.type(key));
  }
};
await page.goto(url + '/docs');
await page.locator('a', { hasText: 'Begin' }).focus();
await type('Enter');
await page.waitForURL('**#account');
await type('Tab', 'zoe@example.com', 'Tab', 'zoe@example.com', 'Enter');
const wrong = page.locator('#new-password-error');
await wrong.waitFor();
check((await wrong.innerText()).includes('no password') && (await page.locator('#new-password').getAttribute('aria-invalid')) === 'true', await wrong.innerText());
await inspect({ context, page }, 'wrong password');
await page.locator('#new-password').fill('');
await type(password, 'Enter');
await page.getByRole('heading', { name: 'Check your mail' }).waitFor();
check(await page.evaluate(() => document.activeElement.textContent === 'Check your mail'), 'the focus stays behind');
await inspect({ context, page }, 'mail');

let opened = page;
if (sandbox) { // the demo keeps its mails where a browser on the same machine reads them
  const popup = context.waitForEvent('page');
  await page.getByRole('link', { name: 'read yours in its outbox' }).click();
  opened = await popup;
  await opened.getByRole('heading', { name: 'Confirm your e-mail address' }).first().waitFor();
  await inspect({ context, page: opened }, 'outbox');
  await opened.locator('.letter a').first().click();
} else {
  check((await page.getByText('read yours in its outbox').count()) === 0, 'production shows an outbox');
  check((await page.request.get(url + '/docs/outbox')).status() === 404, 'production has an outbox');
  await opened.goto(await linkFor('zoe@example.com'));
}
await opened.getByRole('heading', { name: 'Confirm your e-mail address' }).waitFor();
check(!opened.url().includes('code'), 'the code stays in the address');
await inspect({ context, page: opened }, 'link');
await opened.locator('#password').fill('something else entirely');
await opened.getByRole('button', { name: 'Confirm and get an API key' }).click();
await opened.locator('[data-view=open] .complaint').waitFor(); // the proof is not lost with it
await opened.locator('#open-password').fill(password);
await opened.getByRole('button', { name: 'Log in and make a key' }).click();
await opened.getByRole('heading', { name: 'It is shown once' }).waitFor();
const key = await opened.locator('[data-key]').innerText();
check(/^pt_(live|test)_key_/.test(key), 'no key: ' + key);
await inspect({ context, page: opened }, 'key');
check((await context.cookies()).length === 0, 'a cookie is left');
await opened.getByRole('link', { name: 'Make your first token' }).click();

const send = async (name) => {
  const button = opened.getByRole('button', { name, exact: true });
  await button.click();
  const answer = opened.locator('.sample', { has: button }).locator('.answer');
  await answer.locator('.status').waitFor();
  return answer.innerText();
};
check((await send('Create the token')).includes('"token": "pt_'), 'no token');
let price = 0;
const paid = await send('Make the call');
if (sandbox) {
  price = Number(paid.match(/charged ([0-9.]+)/)?.[1]);
  check(paid.startsWith('200') && price > 0 && /paid by wallet/.test(paid), 'not paid: ' + paid);
  await opened.goto(`${url}/docs/apis/${host}/swagger/`);
  await opened.locator('.opblock-summary-control', { hasText: '/postcodes/' }).click();
  const block = opened.locator('.opblock', { hasText: '/postcodes/' }).first();
  await block.locator('input[placeholder=country]').fill('IT');
  await block.locator('input[placeholder=postcode]').fill('00184');
  await block.getByRole('button', { name: 'Execute' }).click();
  const live = block.locator('.live-responses-table');
  await live.waitFor();
  check(/pontage-charged: 0\.05/i.test(await live.innerText()), 'Swagger UI: ' + await live.innerText());
} else {
  check(paid.startsWith('402'), 'an empty wallet paid: ' + paid);
}
await context.close();

// ---- with the code typed in the same tab, then a forgotten password, in each manner of looking ----
for (const [name, options] of Object.entries(manners)) {
  const reader = await open(options), email = name + '@example.com', tab = reader.page;
  await tab.goto(url + '/docs/');
  await inspect(reader, name);
  await tab.locator('#new-email').fill(email);
  await tab.locator('#new-password').fill(password);
  await tab.getByRole('button', { name: 'Register' }).click();
  await tab.getByRole('heading', { name: 'Check your mail' }).waitFor();
  await inspect(reader, name);
  await tab.locator('#mailed-code').fill('cnf_nonsense');
  await tab.getByRole('button', { name: 'Confirm and get' }).click();
  await tab.locator('#mailed-code-error').waitFor();
  await inspect(reader, name);
  await tab.locator('#mailed-code').fill(await codeFor(email));
  await tab.getByRole('button', { name: 'Confirm and get' }).click();
  await tab.getByRole('heading', { name: 'It is shown once' }).waitFor();
  await inspect(reader, name);
  await tab.reload();
  check((await tab.locator('[data-key]').textContent()) === '', 'the key is shown twice');
  await tab.locator('[data-view=in]').waitFor();
  await inspect(reader, name);
  await tab.locator('[data-view=in]').getByRole('button', { name: 'Another account' }).click();
  await tab.getByRole('button', { name: 'I have an account' }).click();
  await tab.locator('#open-email').fill(email);
  await tab.getByRole('button', { name: 'Forgot the password?' }).click();
  await tab.locator('[data-view=open] .complaint').waitFor();
  await inspect(reader, name);
  await tab.goto(await linkFor(email));
  await tab.locator('#password').fill('mountain river lantern');
  await inspect(reader, name);
  await tab.getByRole('button', { name: 'Change the password' }).click();
  await tab.getByText('Your password is changed').waitFor();
  await inspect(reader, name);
  for (const path of ['accept-invitation', 'confirm-email', 'join', ...(sandbox ? ['outbox'] : [])]) {
    await tab.goto(`${url}/docs/${path}`);
    await inspect(reader, name);
  }
  await reader.context.close();
}
await close();
report(sandbox ? `a newcomer registered, made a key and a token, and paid ${price}` : 'a newcomer registered, and made a key and a token');
