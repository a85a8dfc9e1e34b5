package pontage

import (
	"net/netip"
	"regexp"
	"time"
)

// Period is a calendar period in UTC: "" for all time, "2026", "2026-11" or "2026-11-20".
type Period string

var periodForm = regexp.MustCompile(`^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$`)

// ParsePeriod checks the form YYYY, YYYY-MM or YYYY-MM-DD and that the day exists; empty is all time.
func ParsePeriod(text string) (Period, error) {
	if text == "" {
		return "", nil
	}
	if !periodForm.MatchString(text) {
		return "", E(InvalidInput, "Invalid date format, must be YYYY or YYYY-MM or YYYY-MM-DD").At("date")
	}
	if len(text) == len(time.DateOnly) {
		if _, err := time.Parse(time.DateOnly, text); err != nil {
			return "", E(InvalidInput, "Invalid date format, must be YYYY or YYYY-MM or YYYY-MM-DD").At("date")
		}
	}
	return Period(text), nil
}

// DayOf, MonthOf and YearOf give the period of t in UTC.
func DayOf(t time.Time) Period   { return Period(t.UTC().Format("2006-01-02")) }
func MonthOf(t time.Time) Period { return Period(t.UTC().Format("2006-01")) }
func YearOf(t time.Time) Period  { return Period(t.UTC().Format("2006")) }

// Dimension is what a statistic line is about.
type Dimension string

// The dimensions; Key of a line is "", the host, or the id of the scope, lineage, client or domain, or the address.
const (
	ByAccount Dimension = "account"
	ByAPI     Dimension = "api"
	ByScope   Dimension = "scope"
	ByToken   Dimension = "token"
	// ByClient and ByDomain count the calls of tokens that belong to one.
	ByClient Dimension = "client"
	ByDomain Dimension = "domain"
	// ByAddress counts where calls came from; of an account and period, so many addresses as AddressesPerLine have lines of their own.
	ByAddress Dimension = "address"
)

// AddressesPerLine is how many addresses a line knows at most, and how many have a line; of a token's line AddressesPerToken.
const (
	AddressesPerLine  = 1000
	AddressesPerToken = 100
)

// MostAddresses is how many addresses a line of the dimension knows at most.
func (d Dimension) MostAddresses() int {
	if d == ByToken {
		return AddressesPerToken
	}
	return AddressesPerLine
}

// Whole says whether the lines of the dimension add up to the account's. Of others there are calls without a key.
func (d Dimension) Whole() bool { return d == ByAccount || d == ByAPI || d == ByScope }

// StatisticQuery asks for an account's lines of one dimension in one period.
type StatisticQuery struct {
	AccountID AccountID
	Period    Period
	Dimension Dimension
	// Host narrows ByScope to one API; empty means all.
	Host string
	// ClientID narrows ByToken, ByClient and ByDomain to what is the client's; empty means all.
	ClientID ClientID
	// Keys narrows to the lines with these keys; nil means all.
	Keys []string
	// Addresses asks for the seen addresses of each line, not only their number.
	Addresses bool
}

// StatisticLine counts one key in one period, open reservations included.
type StatisticLine struct {
	Key   string
	Host  string
	Usage Usage
	// AddressCount is how many addresses were seen; Addresses lists them where asked for, newest first.
	AddressCount int64
	Addresses    []netip.Addr
}

// Overview is what an account did in a period, and on how many APIs.
type Overview struct {
	StatisticLine
	APIs int64
}

// ErrorEntry is one line of the error log: a refused call, or one the upstream failed.
type ErrorEntry struct {
	ID        ErrorEntryID
	AccountID AccountID
	// LineageID is the token's until the entry is folded, which keeps its client instead: ClientID is written and never read back.
	LineageID LineageID
	ClientID  ClientID
	ScopeID   ScopeID
	// ScopeName and Host are as the partner knows them; ScopeName is empty where no operation matched.
	ScopeName string
	Host      string
	At        time.Time
	// Status is what the partner got; Code and Message say why.
	Status  int
	Code    Code
	Message string
	Address netip.Addr
}

// Callback is one delivery of an event to a partner's URL.
type Callback struct {
	ID        CallbackID
	AccountID AccountID
	ScopeID   ScopeID
	ScopeName string
	Host      string
	Active    bool
	Method    string
	URL       string
	// Field names where the payload goes in the request; Data is the payload, Custom what the partner asked to get back, Headers
	// what is sent; all JSON.
	Field   string
	Data    []byte
	Custom  []byte
	Headers []byte
	// Status is the receiver's last answer, 0 for none yet.
	Status  int
	Elapsed time.Duration
	Attempt int
	Retry   int
	// CreatedAt is the event's time; StartedAt the first attempt's; CompletedAt is zero until it is over.
	CreatedAt   time.Time
	StartedAt   time.Time
	CompletedAt time.Time
}
