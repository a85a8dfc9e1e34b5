package pontage

import (
	"net/netip"
	"strings"
	"time"
)

// BatchKeys names the rows a batch reads. The wallets are locked, and with them all that belongs to their accounts: whoever changes
// what a batch may change locks the wallet first, so every row that is named must belong to an account whose wallet is.
type BatchKeys struct {
	Wallets    []AccountID
	Lineages   []LineageID
	Allowances []AllowanceKey
	// Subscribed names the subscriptions to read: the active ones of account and scope.
	Subscribed []AllowanceKey
	// Calls are looked up with their outcomes: calls that end now, and call ids that came from outside and may be repeats.
	Calls []CallID
	// Born are calls that end now and whose rows, which never change, the caller has: only their outcomes are looked up.
	Born []*Call
	// Subscriptions are looked up by id: those a release gives back to.
	Subscriptions []SubscriptionID
	// CallKeys are looked up with the calls that were charged for them.
	CallKeys []IdempotencyID
	// Now picks the active subscriptions.
	Now time.Time
}

// BatchState is what the batch's rows say, until the commit. Rows that do not exist are absent, but an allowance that has no
// row yet is there and empty.
type BatchState struct {
	Lineages      map[LineageID]*Lineage
	Wallets       map[AccountID]*Wallet
	Allowances    map[AllowanceKey]*AllowanceUse
	Subscriptions map[SubscriptionID]*Subscription
	Calls         map[CallID]*Call
	// Ended holds, per call, the outcomes it already has.
	Ended map[CallID][]Outcome
	// KeyedCalls are the calls charged for keys, expired ones too; the calls themselves are in Calls.
	KeyedCalls map[IdempotencyID]*KeyedCall
	// DisabledAccounts are those of the wallets read that are disabled, DisabledClients those of the lineages read.
	DisabledAccounts map[AccountID]bool
	DisabledClients  map[ClientID]bool
}

// BatchChanges is what the batch writes: rows to append, and the ids of the state's rows that were changed in place.
type BatchChanges struct {
	Calls         []Call
	Outcomes      []Outcome
	Transfers     []Transfer
	Lineages      []LineageID
	Wallets       []AccountID
	Allowances    []AllowanceKey
	Subscriptions []SubscriptionID
	// KeyedCalls are put: each takes the place of the one before it.
	KeyedCalls []KeyedCall
}

// Tail is a stretch of the call log: calls as they were born, and outcomes with the call they belong to, each in order.
type Tail struct {
	Calls    []Call
	Outcomes []EndedCall
	// Owners are the clients of those of their tokens that have one.
	Owners map[LineageID]LineageOwner
}

// LineageOwner is the client of a token and the domain it calls from, which may be empty; neither ever changes.
type LineageOwner struct {
	ClientID ClientID
	DomainID DomainID
}

// EndedCall is an outcome and its call.
type EndedCall struct {
	Call    Call
	Outcome Outcome
}

// FoldChanges is what a stretch of the log adds to the books. Every key stands at most once in its list.
type FoldChanges struct {
	Statistics []StatisticDelta
	Addresses  []AddressSeen
	Days       []UsageDay
	Errors     []ErrorEntry
}

// StatisticKey names one statistic line.
type StatisticKey struct {
	AccountID AccountID
	Period    Period
	Dimension Dimension
	// Key is what the line is about, as Dimension says.
	Key  string
	Host string
}

// Compare is the order in which lines are listed and written: by account, period, dimension, key and host.
func (k StatisticKey) Compare(other StatisticKey) int {
	for _, pair := range [...]struct{ a, b string }{
		{string(k.AccountID), string(other.AccountID)}, {string(k.Period), string(other.Period)},
		{string(k.Dimension), string(other.Dimension)}, {k.Key, other.Key}, {k.Host, other.Host},
	} {
		if pair.a != pair.b {
			return strings.Compare(pair.a, pair.b)
		}
	}
	return 0
}

// StatisticDelta is added to a line; amounts may be negative where a release gives back.
type StatisticDelta struct {
	StatisticKey
	Usage Usage
}

// AddressSeen is an address under one statistic line; the fold keeps them by their newest time, as many as MostAddresses says. The list is
// sorted by line. Lines of ByAddress have none.
type AddressSeen struct {
	StatisticKey
	Address netip.Addr
	At      time.Time
}

// UsageDay is what an account spent from its wallet on one API on one UTC day.
type UsageDay struct {
	AccountID AccountID
	Day       Period
	Host      string
	// Amount is positive for what was spent, less what was given back; Requests likewise.
	Amount   Money
	Requests int64
	// FirstAt is the time of the first such call.
	FirstAt time.Time
}

// Difference is one thing verify found unequal.
type Difference struct {
	// What is "wallet balance", "wallet held", "token walletRequests", …; Key names the row.
	What     string
	Key      string
	Stored   string
	Computed string
}
