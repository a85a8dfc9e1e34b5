package pontage

import (
	"net/http"
	"strings"
)

// Code is a stable machine word for one kind of failure; clients may match on it.
type Code string

// The codes. The table below gives each its HTTP status and wire number.
const (
	InvalidInput       Code = "invalid_input"
	Unauthenticated    Code = "unauthenticated"
	TokenExpired       Code = "token_expired"
	TokenRevoked       Code = "token_revoked"
	InsufficientCredit Code = "insufficient_credit"
	Forbidden          Code = "forbidden"
	ScopeMissing       Code = "scope_missing"
	ScopeDisabled      Code = "scope_disabled"
	RequirementMissing Code = "requirement_missing"
	AddressRefused     Code = "address_refused"
	ReloginRequired    Code = "relogin_required"
	PlanLimit          Code = "plan_limit"
	NotFound           Code = "not_found"
	OperationNotFound  Code = "operation_not_found"
	MethodNotAllowed   Code = "method_not_allowed"
	Conflict           Code = "conflict"
	TooLarge           Code = "too_large"
	UnsupportedMedia   Code = "unsupported_media_type"
	Unprocessable      Code = "unprocessable"
	RateLimited        Code = "rate_limited"
	LimitExhausted     Code = "limit_exhausted"
	KeyReused          Code = "idempotency_key_reused"
	KeyInProgress      Code = "idempotency_key_in_progress"
	Internal           Code = "internal"
	BadGateway         Code = "bad_gateway"
	Unavailable        Code = "unavailable"
	NotSellable        Code = "not_sellable"
	UpstreamMissing    Code = "upstream_missing"
	GatewayTimeout     Code = "gateway_timeout"
)

// Failure is what the surfaces need to show a Code.
type Failure struct {
	// Status is the HTTP status.
	Status int
	// Number is the wire contract's integer; ours start at 1000.
	Number int
}

var failures = map[Code]Failure{
	InvalidInput:       {http.StatusBadRequest, 1400},
	Unauthenticated:    {http.StatusUnauthorized, 1401},
	TokenExpired:       {http.StatusUnauthorized, 1411},
	TokenRevoked:       {http.StatusUnauthorized, 1421},
	InsufficientCredit: {http.StatusPaymentRequired, 1402},
	Forbidden:          {http.StatusForbidden, 1403},
	ScopeMissing:       {http.StatusForbidden, 1413},
	ScopeDisabled:      {http.StatusForbidden, 1423},
	RequirementMissing: {http.StatusForbidden, 1433},
	AddressRefused:     {http.StatusForbidden, 1443},
	ReloginRequired:    {http.StatusForbidden, 1463},
	PlanLimit:          {http.StatusForbidden, 1473},
	NotFound:           {http.StatusNotFound, 1404},
	OperationNotFound:  {http.StatusNotFound, 1414},
	MethodNotAllowed:   {http.StatusMethodNotAllowed, 1405},
	Conflict:           {http.StatusConflict, 1409},
	TooLarge:           {http.StatusRequestEntityTooLarge, 1513},
	UnsupportedMedia:   {http.StatusUnsupportedMediaType, 1415},
	Unprocessable:      {http.StatusUnprocessableEntity, 1422},
	KeyReused:          {http.StatusUnprocessableEntity, 1432},
	KeyInProgress:      {http.StatusConflict, 1419},
	RateLimited:        {http.StatusTooManyRequests, 1429},
	LimitExhausted:     {http.StatusTooManyRequests, 1439},
	Internal:           {http.StatusInternalServerError, 1500},
	BadGateway:         {http.StatusBadGateway, 1502},
	Unavailable:        {http.StatusServiceUnavailable, 1503},
	NotSellable:        {http.StatusForbidden, 1453},
	UpstreamMissing:    {http.StatusServiceUnavailable, 1523},
	GatewayTimeout:     {http.StatusGatewayTimeout, 1504},
}

// Failure gives status and number of c; an unknown code is shown as Internal.
func (c Code) Failure() Failure {
	if f, ok := failures[c]; ok {
		return f
	}
	return failures[Internal]
}

// Extension is the code as GraphQL shows it, in capitals.
func (c Code) Extension() string { return strings.ToUpper(string(c)) }

// Codes lists every code of the table, for documents and tests.
func Codes() []Code {
	all := make([]Code, 0, len(failures))
	for c := range failures {
		all = append(all, c)
	}
	return all
}

// CodeOfStatus names an upstream's HTTP status, 400 or above, with our nearest word.
func CodeOfStatus(status int) Code {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return Forbidden
	case http.StatusNotFound:
		return NotFound
	case http.StatusMethodNotAllowed:
		return MethodNotAllowed
	case http.StatusConflict:
		return Conflict
	case http.StatusRequestEntityTooLarge:
		return TooLarge
	case http.StatusUnsupportedMediaType:
		return UnsupportedMedia
	case http.StatusUnprocessableEntity:
		return Unprocessable
	case http.StatusTooManyRequests:
		return RateLimited
	case http.StatusServiceUnavailable:
		return Unavailable
	case http.StatusGatewayTimeout:
		return GatewayTimeout
	}
	if status >= 400 && status < 500 {
		return InvalidInput
	}
	return BadGateway
}
