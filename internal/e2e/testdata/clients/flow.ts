// Makes a token with the account's credentials and reads the wallet with the token.
import createClient from 'openapi-fetch';
import type { paths } from './schema.js';

declare const process: { env: Record<string, string> };

const { PONTAGE_URL: baseUrl, PONTAGE_EMAIL: email, PONTAGE_KEY: key } = process.env;
const account = createClient<paths>({ baseUrl, headers: { Authorization: 'Basic ' + btoa(`${email}:${key}`) } });
const made = await account.POST('/tokens', { body: { scopes: ['GET:*/*'] } });
if (!made.data) {
  throw new Error(made.error.message);
}
const bearer = createClient<paths>({ baseUrl, headers: { Authorization: 'Bearer ' + made.data.data.token } });
const wallet = await bearer.GET('/wallet');
if (!wallet.data) {
  throw new Error(wallet.error.message);
}
const credit: number = wallet.data.data.credit;
console.log('credit', credit);
