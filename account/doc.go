// Package account keeps billing tenants, the API keys they sign in with, and the people who log in.
//
// What it promises: an API key is shown once and stored as a keyed hash. A key that was cut, changed or invented is refused before
// anything is read. Whatever is wrong with an e-mail, a key or an account, the answer is the same Unauthenticated, so that nothing can
// be learnt from it. A revoked key or a disabled account is refused at once on the instance that changed it, and within one second on
// the others.
//
// A password is stored as argon2id. Nobody learns whether an e-mail is known: answer and work are the same. Guesses are counted in the
// database, before they are made, so that no number of instances and no number at once gets past the bound; hashing is bounded in
// memory. A session is a credential like a key, in a cookie: it is looked up with every request, so what ends it ends it everywhere at
// once; it changes with every login.
//
// A mailed link is good once. A registration is not an account before its link was followed, so nobody occupies a stranger's address.
// Mails and audit entries are written in the transaction that causes them. What could take an account over, password, e-mail, new keys,
// deletion, needs a login of the last 15 minutes. Deleting an account ends every way in and forgets the person; the books keep their sums.
package account
