package pontage

import (
	"cmp"
	"context"
	"time"
)

// Store opens units of work on one database. Its embedded Reader answers each call on the newest committed state, outside any
// transaction. Every method gives Unavailable while the database cannot be reached.
type Store interface {
	Reader
	// Read runs do on one consistent snapshot.
	Read(ctx context.Context, do func(Reader) error) error
	// Write commits what do writes, whole or not at all, and returns once it is durable. do may run more than once; it must touch
	// nothing but tx, and must not wait for anything else. An error from do rolls back and is returned as it is.
	Write(ctx context.Context, do func(tx Tx) error) error
	// Batch is the meter's unit of work: reads and locks what keys name, lets decide choose, writes its changes, commits, returns.
	// decide may run more than once and sees committed truth each time. After a commit, and nothing else, durable is called once, from any
	// goroutine and perhaps before Batch returns: with nil once it is durable, and nobody may be told of it before; with ErrUnknownOutcome where
	// that will never be known.
	Batch(ctx context.Context, keys BatchKeys, decide func(*BatchState) (*BatchChanges, error), durable func(error)) error
	// Fold counts the oldest unfolded rows of the call log, at most limit calls and limit outcomes, into statistics, addresses, day lines and error entries,
	// and moves the watermark in the same commit; it says how many rows it took. Safe on several instances at once.
	Fold(ctx context.Context, limit int, count func(Tail) FoldChanges) (int, error)
	// CloseDays closes what is not closed of the days up to through, once it is all folded and none of its calls is open; nil where there
	// is nothing to close or another instance was faster. sign gets the closing, the signature before it, and its totals in the order
	// Closings gives them.
	CloseDays(ctx context.Context, through Period, sign func(c Closing, previous []byte, totals []ClosedTotal) (keyID string, signature []byte)) (*Closing, error)
	// DeleteCalls deletes calls that closings hold and that were decided before the given time, with their outcomes, of the oldest
	// limit calls of the log; it says how many there were. No call as old may get another outcome.
	DeleteCalls(ctx context.Context, before time.Time, limit int) (int, error)
	// Ping says whether the database answers reads and writes.
	Ping(ctx context.Context) error
	Close() error
}

// Reader is everything that can be read. "Not there" is the error NotFound for single rows and an empty slice for lists.
type Reader interface {
	AccountReader
	ClientReader
	CatalogReader
	APIDocumentReader
	TokenReader
	LedgerReader
	CallReader
	StatisticReader
	IdempotencyReader
	ClosingReader
	UserReader
	SessionReader
	ConfirmationReader
	MailReader
	AuditReader
	PostalReader
	NotificationReader
	CredentialUseReader
	MemberReader
	DomainReader
	ClientScopeReader
	PlanReader
	PlayReader
	NodeReader
	ThresholdReader
}

// Tx is a unit of work: all reads, on its own writes, and all writes.
type Tx interface {
	Reader
	AccountWriter
	ClientWriter
	CatalogWriter
	APIDocumentWriter
	TokenWriter
	LedgerWriter
	IdempotencyWriter
	ClosingWriter
	UserWriter
	SessionWriter
	ConfirmationWriter
	MailWriter
	AuditWriter
	PostalWriter
	NotificationWriter
	CredentialUseWriter
	DepartureWriter
	RateHitWriter
	ExpiryWriter
	MemberWriter
	DomainWriter
	ClientScopeWriter
	PlanWriter
	PlayWriter
	ThresholdWriter
}

// Page is a slice of a list, newest first unless OldestFirst turns it around; Limit must be positive.
type Page struct {
	Skip, Limit int
	// After leaves out what comes up to this place; zero begins with the first entry. Skip counts behind it.
	After       Place
	OldestFirst bool
	// By is what the list is sorted by.
	By SortKey
}

// Keyset is the page behind After, without Skip.
func (p Page) Keyset() Keyset {
	return Keyset{After: Cursor(p.After), Limit: p.Limit, OldestFirst: p.OldestFirst, By: p.By}
}

// From is the same list from its first entry behind After, so many entries of it.
func (p Page) From(limit int) Page {
	p.Skip, p.Limit = 0, limit
	return p
}

// Place is where an entry stands in a list: lists are sorted by time and, within one microsecond, by id.
type Place struct {
	At time.Time
	// Key stands for At in lists that are sorted by a text.
	Key string
	ID  string
}

// Zero says whether the place is the beginning.
func (p Place) Zero() bool { return p.ID == "" }

// Compare says which place comes first in the page's order: negative for a.
func (p Page) Compare(a, b Place) int {
	order := cmp.Or(b.At.Compare(a.At), cmp.Compare(b.Key, a.Key), cmp.Compare(b.ID, a.ID))
	if p.OldestFirst {
		return -order
	}
	return order
}

// Holds says whether an entry at this place comes behind After.
func (p Page) Holds(place Place) bool {
	return p.After.Zero() || p.Compare(p.After, place) < 0
}

// AccountReader reads accounts and API keys.
type AccountReader interface {
	Account(ctx context.Context, id AccountID) (*Account, error)
	// AccountByEmail compares without regard to case.
	AccountByEmail(ctx context.Context, email string) (*Account, error)
	Accounts(ctx context.Context, page Page) ([]Account, error)
	APIKey(ctx context.Context, id APIKeyID) (*APIKey, error)
	// KeyOwner gives a key and its account in one read.
	KeyOwner(ctx context.Context, id APIKeyID) (*APIKey, *Account, error)
	APIKeys(ctx context.Context, account AccountID) ([]APIKey, error)
	// APIKeyPage is APIKeys by pages, as far as they fit the query.
	APIKeyPage(ctx context.Context, q APIKeyQuery) ([]APIKey, error)
	AccountAccess(ctx context.Context, account AccountID) (*AccountAccess, error)
}

// APIKeyQuery asks for a page of an account's keys, newest first: live ones at Now alone, ended ones alone, or all for nil.
type APIKeyQuery struct {
	AccountID AccountID
	Live      *bool
	Now       time.Time
	Page      Keyset
}

// AccountWriter writes accounts and API keys; a taken e-mail is Conflict.
type AccountWriter interface {
	// InsertAccount makes the account and its empty wallet.
	InsertAccount(ctx context.Context, a Account) error
	UpdateAccount(ctx context.Context, a Account) error
	InsertAPIKey(ctx context.Context, k APIKey) error
	UpdateAPIKey(ctx context.Context, k APIKey) error
	SetAccountAccess(ctx context.Context, account AccountID, access AccountAccess) error
}

// CatalogReader reads the catalogue.
type CatalogReader interface {
	// CatalogVersion grows with every import; a running instance polls it.
	CatalogVersion(ctx context.Context) (int64, error)
	// Catalog gives everything, what is disabled too; three queries, whatever the size.
	Catalog(ctx context.Context) (*Catalog, error)
	APIByHost(ctx context.Context, host string) (*API, error)
	// Answers gives an operation's answers, lowest status first.
	Answers(ctx context.Context, operation OperationID) ([]Answer, error)
}

// CatalogWriter writes the catalogue, each list in a fixed number of statements.
type CatalogWriter interface {
	PutAPI(ctx context.Context, a API) error
	PutScopes(ctx context.Context, scopes []Scope) error
	PutOperations(ctx context.Context, operations []Operation) error
	// ReplaceAnswers deletes the answers of the API's operations and inserts these.
	ReplaceAnswers(ctx context.Context, api APIID, answers []Answer) error
	BumpCatalogVersion(ctx context.Context) error
}

// TokenReader reads tokens.
type TokenReader interface {
	// Token gives the bearer's row and its lineage in one read.
	Token(ctx context.Context, id TokenID) (*Token, *Lineage, error)
	// Presented is Token and whose it is, in one read.
	Presented(ctx context.Context, id TokenID) (*Presented, error)
	// Disabled says whether an account or, where one is named, its client is disabled; NotFound for an unknown account.
	Disabled(ctx context.Context, account AccountID, client ClientID) (bool, error)
	Lineage(ctx context.Context, id LineageID) (*Lineage, error)
	// LineagesByID gives the tokens with these ids in no order, in one query; unknown ids are left out.
	LineagesByID(ctx context.Context, ids []LineageID) ([]Lineage, error)
	// Lineages lists an account's tokens, newest first, without those that were revoked or expired before the given time.
	Lineages(ctx context.Context, account AccountID, endedAfter time.Time, page Page) ([]Lineage, error)
	// ClientLineages is Lineages for the tokens of a client.
	ClientLineages(ctx context.Context, client ClientID, endedAfter time.Time, page Page) ([]Lineage, error)
	// LineagePage is Lineages without revoked ones, as far as they fit the query.
	LineagePage(ctx context.Context, q LineageQuery) ([]Lineage, error)
	// LineageMakers says who made tokens, in one query; those of whom nobody knows are left out.
	LineageMakers(ctx context.Context, ids []LineageID) (map[LineageID]Maker, error)
	// Bearers gives one page of the bearers of each of these tokens, in one query, newest first: only those that are the token's now for
	// current true, only earlier ones for false.
	Bearers(ctx context.Context, lineages []LineageID, current *bool, page Keyset) ([]Bearer, error)
	RefreshToken(ctx context.Context, id RefreshTokenID) (*RefreshToken, error)
	// ScopeSets gives the sets with these ids, in a fixed number of queries; unknown ids are left out.
	ScopeSets(ctx context.Context, ids []ScopeSetID) ([]ScopeSet, error)
	ScopeSetByDigest(ctx context.Context, digest []byte) (*ScopeSet, error)
	// LineageAddresses gives the last 100 addresses seen per lineage, newest first, as far as folded.
	LineageAddresses(ctx context.Context, ids []LineageID) (map[LineageID][]AddressSeen, error)
}

// TokenWriter writes tokens.
type TokenWriter interface {
	// InsertScopeSet interns: a set with this digest already there is Conflict.
	InsertScopeSet(ctx context.Context, s ScopeSet) error
	InsertLineage(ctx context.Context, l Lineage) error
	// UpdateLineage writes all but the counters if the stored version is still l.Version-1; otherwise Conflict.
	UpdateLineage(ctx context.Context, l Lineage) error
	// RevokeLineage sets RevokedAt and raises the version where it is not revoked yet; it says whether it did.
	RevokeLineage(ctx context.Context, id LineageID, at time.Time) (bool, error)
	InsertToken(ctx context.Context, t Token) error
	InsertRefreshToken(ctx context.Context, r RefreshToken) error
	// UseRefreshToken sets UsedAt where it is not set yet, in one conditional update; it says whether it did.
	UseRefreshToken(ctx context.Context, id RefreshTokenID, at time.Time) (bool, error)
}

// LedgerReader reads wallets, transfers and subscriptions.
type LedgerReader interface {
	Wallet(ctx context.Context, account AccountID) (*Wallet, error)
	// Transactions lists transfers that are not usage, and the folded usage as one line per host and day, newest first.
	Transactions(ctx context.Context, q TransactionQuery) ([]TransactionLine, error)
	UsageDays(ctx context.Context, account AccountID, day Period) ([]UsageDay, error)
	Transfer(ctx context.Context, id TransferID) (*Transfer, error)
	Subscription(ctx context.Context, id SubscriptionID) (*Subscription, error)
	Subscriptions(ctx context.Context, q SubscriptionQuery) ([]Subscription, error)
	// RenewalOf gives the subscription that renews this one.
	RenewalOf(ctx context.Context, id SubscriptionID) (*Subscription, error)
	// DueSubscriptions gives those with AutoRenew that end before the given time and that no other one Renews, the first to end first.
	DueSubscriptions(ctx context.Context, before time.Time, limit int) ([]Subscription, error)
}

// LedgerWriter writes them outside of batches.
type LedgerWriter interface {
	// LockWallet gives the wallet for change; nobody else changes it until the commit.
	LockWallet(ctx context.Context, account AccountID) (*Wallet, error)
	// UpdateWallet writes balance and held; the database refuses 0 <= held <= balance not holding.
	UpdateWallet(ctx context.Context, w Wallet) error
	InsertTransfers(ctx context.Context, transfers []Transfer) error
	InsertSubscription(ctx context.Context, s Subscription) error
	// UpdateSubscription writes all but UsedRequests.
	UpdateSubscription(ctx context.Context, s Subscription) error
	InsertCallback(ctx context.Context, c Callback) error
}

// CallReader reads the call log.
type CallReader interface {
	// Call gives the row and its outcomes, oldest first.
	Call(ctx context.Context, id CallID) (*Call, []Outcome, error)
	// CallsByID gives the calls with these ids, whosever they are, in one query and any order; unknown ids are left out.
	CallsByID(ctx context.Context, ids []CallID) ([]Call, error)
	// OutcomesOf gives the outcomes of calls, oldest first, in one query.
	OutcomesOf(ctx context.Context, calls []CallID) ([]Outcome, error)
	// UsageCalls lists what a usage line is made of, newest first or, as the page says, oldest first: the account's calls of one UTC day on one
	// host that the wallet paid and that were not released. A page costs what lies before it, however long the log is; that of a client, token
	// or scope also costs the calls of others in between. After names a call by its id.
	UsageCalls(ctx context.Context, q UsageCallQuery) ([]Call, error)
	// ExpiredCalls gives reserved calls without an outcome whose hold ended before the given time, oldest first.
	ExpiredCalls(ctx context.Context, before time.Time, limit int) ([]Call, error)
	// Tail gives an account's rows that are not folded yet, without Owners; with Read, exactly what the folded rows of the same snapshot lack.
	Tail(ctx context.Context, account AccountID) (Tail, error)
	// Folded says whether an account has no such rows: what is read of the folded ones after it lacks nothing that was committed before.
	Folded(ctx context.Context, account AccountID) (bool, error)
	// Differences recomputes balances, counters, allowances and statistics and gives what is not equal: money from all transfers, the
	// rest from the totals of the closed days and the log after them.
	Differences(ctx context.Context) ([]Difference, error)
}

// StatisticReader reads what the fold made.
type StatisticReader interface {
	StatisticLines(ctx context.Context, q StatisticQuery) ([]StatisticLine, error)
	// Overview gives an account's own line and how many APIs have one in a period, as far as folded, and whether that is all: not for a year,
	// and not while the account has rows that are not folded yet. It is one read.
	Overview(ctx context.Context, account AccountID, period Period) (Overview, bool, error)
	// StatisticDays gives the lines of the days of a month, which is the query's period, by day, which is their key; those of days without
	// calls are not there, and of a day with several lines one is the sum.
	StatisticDays(ctx context.Context, q StatisticQuery) ([]StatisticLine, error)
	// LineageOwners gives the clients of those of the tail's tokens that have one, in one read at most.
	LineageOwners(ctx context.Context, tail Tail) (map[LineageID]LineageOwner, error)
	ErrorEntries(ctx context.Context, q LogQuery) ([]ErrorEntry, error)
	Callback(ctx context.Context, id CallbackID) (*Callback, error)
	Callbacks(ctx context.Context, q LogQuery) ([]Callback, error)
}

// ClosingReader reads what seals the past.
type ClosingReader interface {
	// LastClosing gives the newest one.
	LastClosing(ctx context.Context) (*Closing, error)
	// Closings hands every closing to see, oldest first, with its totals by dimension, day, account, key and host. An error of see ends it.
	Closings(ctx context.Context, see func(Closing, []ClosedTotal) error) error
	// LastVerification gives the last run of verify; all zero before the first.
	LastVerification(ctx context.Context) (*Verification, error)
}

// ClosingWriter keeps what verify found.
type ClosingWriter interface {
	// BeginVerification sets StartedAt where the last run began before the given time; it says whether it did.
	BeginVerification(ctx context.Context, at, before time.Time) (bool, error)
	// FinishVerification writes all of v.
	FinishVerification(ctx context.Context, v Verification) error
}

// UsageCallQuery asks for the calls of a usage line.
type UsageCallQuery struct {
	AccountID AccountID
	Day       Period
	Host      string
	// ClientID keeps the calls of its tokens alone, LineageID those of one token, ScopeID those of one scope; empty keeps all.
	ClientID  ClientID
	LineageID LineageID
	ScopeID   ScopeID
	Page      Page
}

// LogQuery asks for an account's entries, newest first; Scopes are ids, nil means all.
type LogQuery struct {
	AccountID AccountID
	// ClientID keeps the errors of its tokens alone; empty keeps all. Of callbacks it keeps nothing apart: they belong to no client.
	ClientID ClientID
	Scopes   []ScopeID
	Page     Page
}

// SubscriptionQuery asks for an account's subscriptions, newest first; Scopes are ids, nil means all.
type SubscriptionQuery struct {
	AccountID AccountID
	Scopes    []ScopeID
	Page      Page
}
