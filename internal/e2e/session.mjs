// A stranger's first visit by plain fetch: registers, proves the mailbox, logs in by the cookie, makes a client with a domain, a linked secret
// and a scope, gets a token by them, pays for a call, finds it in the statistics and the transactions, and leaves. PONTAGE_OPERATOR stands
// for the operator, who reads the outbox and gives credit.
const url = process.env.PONTAGE_URL;
const operator = process.env.PONTAGE_OPERATOR;
const email = 'zoe@example.com';
const password = 'correct horse battery';
let cookie = '';

function check(condition, what) {
  if (!condition) {
    throw new Error(what);
  }
}

async function ask(query, variables, headers = {}) {
  const response = await fetch(url + '/graphql', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(cookie && { Cookie: cookie }), ...headers },
    body: JSON.stringify({ query, variables }),
  });
  for (const line of response.headers.getSetCookie()) {
    check(/; HttpOnly/.test(line) && /; SameSite=Lax/.test(line) && /; Path=\//.test(line), line);
    cookie = line.split(';')[0];
  }
  return response.json();
}

async function must(query, variables) {
  const answer = await ask(query, variables);
  check(!answer.errors, query + '\n' + JSON.stringify(answer.errors));
  return answer.data;
}

const person = { email, password };
await must('mutation($i:RegisterInput!){register(input:$i){email}}', { i: { ...person, name: 'Zoe' } });
const mail = await (await fetch(`${operator}/mail?to=${email}`)).text();
const code = mail.match(/#code=(\S+)/)[1];
await must('mutation($c:String!){verifyEmail(input:{code:$c}){email}}', { c: code });
const stranger = await ask('mutation($i:LoginInput!){login(input:$i){session{id}}}', { i: person }, { 'Sec-Fetch-Site': 'cross-site' });
check(stranger.errors[0].extensions.code === 'FORBIDDEN' && cookie === '', 'another site logs people in');
await must('mutation($i:LoginInput!){login(input:$i){session{id}}}', { i: person });
const kept = cookie;
await must('mutation{replaceProfile(input:{name:"Zoe",country:"NL"}){user{profile{country}}}}');
const { me, viewer } = await must('{me{email profile{name country}} viewer{id}}');
check(me.email === email && me.profile.country === 'NL', JSON.stringify(me));

const { createClient: made } = await must('mutation{createClient(input:{name:"shop"}){client{id} clientSecret{id} secretText}}');
const client = { c: made.client.id };
const { createDomain } = await must('mutation($c:ID!){createDomain(input:{clientId:$c,host:"shop.example",allowApi:true}){domain{id primary}}}', client);
check(createDomain.domain.primary, 'the first domain is not the primary one');
const link = { s: made.clientSecret.id, d: createDomain.domain.id };
await must('mutation($s:ID!,$d:ID!){linkClientSecret(input:{secretId:$s,domainId:$d}){secretId}}', link);
const offered = await must('query($c:ID!){client(id:$c){scopes(first:100,filter:{state:ENABLED}){nodes{scope{id name host method price}}}}}', client);
const [, , host, segment] = process.env.PONTAGE_CALL.split('/');
const wanted = offered.client.scopes.nodes.find(({ scope }) => scope.method === 'GET' && scope.name.endsWith(`${host.replace(/^test\./, '')}/${segment}`));
check(wanted, process.env.PONTAGE_CALL + ' is in no scope of ' + JSON.stringify(offered));
await must('mutation($c:ID!,$s:ID!){enableClientScope(input:{clientId:$c,scopeId:$s}){clientScope{state}}}', { ...client, s: wanted.scope.id });
const issued = await fetch(url + '/oauth2/token', {
  method: 'POST',
  headers: { 'Content-Type': 'application/x-www-form-urlencoded', Authorization: 'Basic ' + btoa(`${made.client.id}:${made.secretText}`) },
  body: new URLSearchParams({ grant_type: 'client_credentials', scope: wanted.scope.name }),
});
const token = await issued.json();
check(issued.status === 200, JSON.stringify(token));
check((await fetch(`${operator}/credit?account=${viewer.id}`, { method: 'POST' })).ok, 'no credit');
const call = await fetch(url + process.env.PONTAGE_CALL, { headers: { Authorization: 'Bearer ' + token.access_token } });
const price = call.headers.get('Pontage-Charged');
check(call.status === 200 && price !== '0', `${call.status} ${price}`);

const seen = await must('{statistics{totalRequests walletAmount} transactions{nodes{amount}} auditLog(first:100){nodes{action}}}');
check(seen.statistics[0].totalRequests === 1 && seen.statistics[0].walletAmount === price, JSON.stringify(seen.statistics));
check(seen.transactions.nodes.some((t) => t.amount === '-' + price), JSON.stringify(seen.transactions));
for (const action of ['user.register', 'session.begin', 'user.change_profile', 'client.create', 'domain.create', 'client_secret.link', 'client_scope.set']) {
  check(seen.auditLog.nodes.some((e) => e.action === action), action + ' is not in ' + JSON.stringify(seen.auditLog));
}

await must('mutation{logout(input:{}){id}}');
check(cookie !== kept, 'the cookie stays');
cookie = kept;
const after = await ask('{viewer{id}}');
check(after.errors?.[0].extensions.code === 'UNAUTHENTICATED', 'the cookie lives on: ' + JSON.stringify(after));
console.log(`a stranger came, paid ${price} for a call and left at ${url}`);

await invitesAHelper();

// comesIn registers somebody, proves the mailbox and logs in.
async function comesIn(someone) {
  cookie = '';
  await must('mutation($i:RegisterInput!){register(input:$i){email}}', { i: someone });
  await must('mutation($c:String!){verifyEmail(input:{code:$c}){email}}', { c: await mailedCode(someone.email) });
  return logsIn(someone);
}

async function logsIn({ email, password }) {
  cookie = '';
  await must('mutation($i:LoginInput!){login(input:$i){session{id}}}', { i: { email, password } });
  return cookie;
}

async function mailedCode(to) {
  return (await (await fetch(`${operator}/mail?to=${to}`)).text()).match(/#code=(\S+)/)[1];
}

async function refused(code, query, variables) {
  const answer = await ask(query, variables);
  check(answer.errors?.[0].extensions.code === code, `${query} is not refused with ${code}: ${JSON.stringify(answer)}`);
}

// The owner invites somebody with a small role, who accepts, sees the client, and is refused what the role lacks; once removed, the
// client is gone for them.
async function invitesAHelper() {
  const helper = { email: 'bea@example.com', password, name: 'Bea' };
  const hers = await comesIn(helper);
  const owner = await logsIn(person);
  const clientId = made.client.id;
  const { createRole } = await must(
    'mutation($c:ID!){createRole(input:{clientId:$c,key:"clerk",name:"Clerk",level:10,permissions:[CLIENT_READ,MEMBER_READ]}){role{id}}}',
    { c: clientId });
  await must('mutation($c:ID!,$e:String!,$r:ID!){inviteMember(input:{clientId:$c,email:$e,roleId:$r}){member{status}}}',
    { c: clientId, e: helper.email, r: createRole.role.id });

  cookie = hers;
  await refused('NOT_FOUND', 'query($c:ID!){client(id:$c){name}}', { c: clientId });
  const { joinClient } = await must('mutation($c:String!){joinClient(input:{code:$c}){membership{id role{permissions}}}}',
    { c: await mailedCode(helper.email) });
  check(joinClient.membership.role.permissions.join() === 'CLIENT_READ,MEMBER_READ', JSON.stringify(joinClient));
  const { me } = await must('{me{memberships{nodes{clientId client{name permissions}}}}}');
  check(me.memberships.nodes[0].clientId === clientId && me.memberships.nodes[0].client.name === 'shop', JSON.stringify(me));
  const { members } = await must('query($c:ID!){members(clientId:$c){nodes{status person{name}}}}', { c: clientId });
  check(members.nodes.length === 1 && members.nodes[0].status === 'ACTIVE', JSON.stringify(members));
  await refused('FORBIDDEN', 'mutation($c:ID!){createClientSecret(input:{clientId:$c}){text}}', { c: clientId });
  await refused('FORBIDDEN', 'mutation($c:ID!){disableClient(input:{id:$c}){client{id}}}', { c: clientId });
  await refused('FORBIDDEN', 'mutation($c:ID!){inviteMember(input:{clientId:$c,email:"x@example.com",roleId:"rol_owner"}){member{id}}}', { c: clientId });
  await refused('FORBIDDEN', 'mutation($r:ID!){updateRole(input:{id:$r,permissions:[CLIENT_DELETE]}){role{id}}}', { r: createRole.role.id });
  await refused('FORBIDDEN', 'query($c:ID!){auditLog(filter:{clientId:$c}){nodes{id}}}', { c: clientId });

  cookie = owner;
  const { auditLog } = await must('query($c:ID!){auditLog(first:100,filter:{clientId:$c}){nodes{action}}}', { c: clientId });
  for (const action of ['role.create', 'member.invite', 'member.accept']) {
    check(auditLog.nodes.some((e) => e.action === action), action + ' is not in ' + JSON.stringify(auditLog));
  }
  await must('mutation($m:ID!){removeMember(input:{id:$m}){id}}', { m: joinClient.membership.id });
  cookie = hers;
  await refused('NOT_FOUND', 'query($c:ID!){client(id:$c){name}}', { c: clientId });
  console.log(`a helper joined with a small role, was refused what it lacks, and left at ${url}`);
}
