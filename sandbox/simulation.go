package sandbox

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/pontage/pontage"
)

const (
	// MaxDelay bounds how slow an API can be made; it lies below the time-out for its headers.
	MaxDelay = 25 * time.Second

	maxHeader = 256
	slow      = "slow="
)

// simulation is a line of the table: what to write, and what it makes a call suppose.
type simulation struct {
	value    string
	suppose  pontage.Supposition
	code     pontage.Code
	platform bool
	effect   string
}

// simulations is the one table: the header, the magic values, GET /sandbox and docs/sandbox.md are made from it.
var simulations = func() []simulation {
	all := []simulation{
		refused("token-invalid", pontage.FactTokenUnknown, pontage.Unauthenticated, true, "The token is unknown."),
		refused("token-expired", pontage.FactTokenExpired, pontage.TokenExpired, true, "The token's lifetime is over."),
		refused("token-revoked", pontage.FactTokenRevoked, pontage.TokenRevoked, true, "The token was revoked."),
		refused("scope", pontage.FactScopeMissing, pontage.ScopeMissing, true, "The token does not hold the scope."),
		refused("scope-disabled", pontage.FactScopeClosed, pontage.ScopeDisabled, false, "The scope is not open to the account."),
		refused("requirement", pontage.FactRequirementOpen, pontage.RequirementMissing, false, "The account lacks something the scope requires."),
		refused("not-sellable", pontage.FactNoPrice, pontage.NotSellable, false, "The scope has no price."),
		refused("ip", pontage.FactForeignAddress, pontage.AddressRefused, true, "The token may not be used from this address."),
		refused("rate-limit", pontage.FactRateUsed, pontage.RateLimited, true, "The rate of the minute is used up."),
		refused("token-limit", pontage.FactTokenLimitUsed, pontage.LimitExhausted, false, "The token's totalRequests are used up."),
		refused("insufficient-credit", pontage.FactNoCredit, pontage.InsufficientCredit, false, "No allowance, no subscription, and a credit of 0."),
		refused("unavailable", pontage.FactPlatformStopping, pontage.Unavailable, true, "The platform cannot decide now."),
		refused("internal-error", pontage.FactPlatformFailing, pontage.Internal, true, "The platform itself fails."),
	}
	for _, status := range statuses {
		all = append(all, simulation{value: upstream + strconv.Itoa(status), suppose: pontage.Supposition{Status: status},
			effect: "The API answers " + strconv.Itoa(status) + " " + http.StatusText(status) + "."})
	}
	return append(all,
		failed(upstream+"timeout", pontage.OutageTimeout, pontage.GatewayTimeout, "The API sends no headers in time; here that is a second."),
		failed(upstream+"unreachable", pontage.OutageUnreachable, pontage.BadGateway, "The API cannot be reached."),
		failed("broken-body", pontage.OutageBrokenBody, "", "The API's answer breaks off in its middle. What was charged is refunded."))
}()

// statuses are what an API can be made to answer.
var statuses = []int{400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 504}

// upstream begins the values that are about the API.
const upstream = "upstream-"

func refused(value string, fact pontage.Fact, code pontage.Code, platform bool, effect string) simulation {
	return simulation{value, pontage.Supposition{Fact: fact}, code, platform, effect}
}

func failed(value string, outage pontage.Outage, code pontage.Code, effect string) simulation {
	return simulation{value, pontage.Supposition{Outage: outage}, code, false, effect}
}

// public shows a line.
func (s simulation) public() pontage.Simulation {
	status := s.suppose.Status
	if s.code != "" {
		status = s.code.Failure().Status
	}
	return pontage.Simulation{Value: s.value, Status: status, Code: s.code, OnPlatform: s.platform, Effect: s.effect}
}

// Simulations lists what the header takes.
func Simulations() []pontage.Simulation {
	var all []pontage.Simulation
	for _, s := range simulations {
		all = append(all, s.public())
	}
	return append(all, pontage.Simulation{Value: slow + "2s", OnPlatform: true,
		Effect: "The answer takes so long, at most " + MaxDelay.String() + "; it may stand beside another value, as in slow=2s, upstream-503."})
}

// ReadSimulation reads the header: one value of the table, slow=<duration>, or both with a comma. Absent it supposes nothing. InvalidInput
// at the header, with the values there are, for everything else.
func ReadSimulation(h http.Header) (pontage.Supposition, error) {
	values := h[pontage.HeaderSimulate]
	if len(values) == 0 {
		return pontage.Supposition{}, nil
	}
	var read pontage.Supposition
	text := strings.Join(values, ",")
	if len(text) > maxHeader {
		return pontage.Supposition{}, errUnknown
	}
	delayed, found := false, false
	for part := range strings.SplitSeq(strings.ToLower(text), ",") {
		part = strings.TrimSpace(part)
		if duration, ok := strings.CutPrefix(part, slow); ok && !delayed {
			delay, err := time.ParseDuration(duration)
			if err != nil || delay <= 0 || delay > MaxDelay {
				return pontage.Supposition{}, errDelay
			}
			read.Delay, delayed = delay, true
			continue
		}
		s, ok := lookUp(part)
		if !ok || found {
			return pontage.Supposition{}, errUnknown
		}
		read.Fact, read.Outage, read.Status, found = s.Fact, s.Outage, s.Status, true
	}
	return read, nil
}

func lookUp(value string) (pontage.Supposition, bool) {
	for _, s := range simulations {
		if s.value == value {
			return s.suppose, true
		}
	}
	return pontage.Supposition{}, false
}

var (
	errDelay = pontage.E(pontage.InvalidInput, "slow takes a duration above zero and up to %s, such as slow=2s or slow=500ms.",
		MaxDelay).At(pontage.HeaderSimulate)
	errUnknown = func() *pontage.Error {
		var values []string
		for _, s := range simulations {
			values = append(values, s.value)
		}
		return pontage.E(pontage.InvalidInput, "The header takes one of %s; and slow=<duration>, alone or beside one with a comma.",
			strings.Join(values, ", ")).At(pontage.HeaderSimulate)
	}()
)
