package token

import (
	"net/http"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/openapi"
)

// The contract's failures: the same fault has another number on another operation, and clients match on them.
var (
	scopeNotFound        = failure(pontage.NotFound, "", "", http.StatusNotFound, 10, "Scope not found")
	tokenMalformed       = failure(pontage.InvalidInput, "token", "", http.StatusUnprocessableEntity, 60, "Invalid Token Format")
	callbackNotFound     = failure(pontage.NotFound, "", "", http.StatusNotFound, 200, "Callback not found")
	subscriptionNotFound = failure(pontage.NotFound, "", "", http.StatusNotFound, 220, "Subscription not found")
	callNotFound         = failure(pontage.NotFound, "", "", http.StatusNotFound, 1404, "Call not found")
	transactionNotFound  = failure(pontage.NotFound, "", "", http.StatusNotFound, 1404, "Transaction not found")
	dateMalformed        = failure(pontage.InvalidInput, "date", "", http.StatusUnprocessableEntity, 240,
		"Invalid date format, must be YYYY or YYYY-MM or YYYY-MM-DD")
)

// rules are the failures by operation; the first that fits wins, and of several faults in one request the one that comes first
// here is reported.
var rules = map[string][]openapi.Rule{
	"createToken": append([]openapi.Rule{
		failure(pontage.InvalidInput, "/scopes", "required", http.StatusUnprocessableEntity, 70, "missing scopes array"),
	}, scopeFailures(80, 90)...),
	"listTokens": {tokenNotFound(120), at("id", tokenMalformed)},
	"getToken":   {tokenNotFound(120), tokenMalformed},
	"updateToken": append([]openapi.Rule{
		failure(pontage.InvalidInput, "token", "required", http.StatusBadRequest, 150, "Token ID is required"),
		code(pontage.InvalidInput, at("token", tokenNotFound(160))), tokenNotFound(160),
		unauthorized(pontage.Unauthenticated, "refresh", 130), unauthorized(pontage.Unauthenticated, "", 140),
		unauthorized(pontage.TokenExpired, "", 140), unauthorized(pontage.TokenRevoked, "", 140),
	}, scopeFailures(100, 110)...),
	"deleteToken": {
		failure(pontage.InvalidInput, "token", "required", http.StatusBadRequest, 170, "Token ID is required"),
		code(pontage.InvalidInput, at("token", tokenNotFound(180))), tokenNotFound(180),
	},
	"getScope":          {scopeNotFound, malformed(scopeNotFound)},
	"getStatistics":     {dateMalformed},
	"getApiStatistics":  {dateMalformed},
	"listApiStatistics": {dateMalformed}, "listStatisticAddresses": {dateMalformed},
	"getSubscription":   {subscriptionNotFound, malformed(subscriptionNotFound)},
	"listSubscriptions": {subscriptionNotFound, malformed(subscriptionNotFound), queryError(230)},
	"getCallback":       {callbackNotFound, malformed(callbackNotFound)},
	"listCallbacks":     {callbackNotFound, malformed(callbackNotFound), queryError(210)},
	"listErrors":        {queryError(190)},
	"getCall":           {malformed(callNotFound)},
	"getTransaction":    {malformed(transactionNotFound)},
}

func failure(code pontage.Code, field, keyword string, status, number int, message string) openapi.Rule {
	return openapi.Rule{Code: code, Field: field, Keyword: keyword, Status: status, Number: number, Message: message}
}

// scopeFailures are a list of scopes that is malformed, and one that names what is not there.
func scopeFailures(format, unknown int) []openapi.Rule {
	return []openapi.Rule{
		failure(pontage.InvalidInput, "/scopes", "", http.StatusUnprocessableEntity, format, "invalid scopes format"),
		failure(pontage.Unprocessable, "/scopes", "", http.StatusUnprocessableEntity, unknown, "Invalid scopes specified or API not enabled"),
	}
}

func tokenNotFound(number int) openapi.Rule {
	return failure(pontage.NotFound, "", "", http.StatusNotFound, number, "Not Found")
}

func unauthorized(code pontage.Code, field string, number int) openapi.Rule {
	return failure(code, field, "", http.StatusUnauthorized, number, "Unauthorized")
}

func queryError(number int) openapi.Rule {
	return failure(pontage.InvalidInput, "", "", http.StatusBadRequest, number, "Query error")
}

// malformed is the same failure for an id that cannot be one.
func malformed(r openapi.Rule) openapi.Rule { return code(pontage.InvalidInput, at("id", r)) }

func at(field string, r openapi.Rule) openapi.Rule {
	r.Field = field
	return r
}

func code(c pontage.Code, r openapi.Rule) openapi.Rule {
	r.Code = c
	return r
}
