package meter

import "github.com/pontage/pontage"

// refusals are the messages of refused calls, one per code, so that a wire may match on them. Each says what to do next; explainCredit says
// more.
var refusals = map[pontage.Code]string{
	pontage.Unauthenticated:    "The token is not valid, or its client or account is disabled. Send a token of this instance as bearer, or make a new one.",
	pontage.TokenExpired:       "The token has expired. Rotate it with its refresh token, or make a new one.",
	pontage.TokenRevoked:       "The token was revoked. Make a new one.",
	pontage.OperationNotFound:  "No operation of this API fits the request. Compare method and path with the API's document.",
	pontage.ScopeMissing:       "The token does not hold the scope of this operation. Add the scope to the token, or use another one.",
	pontage.ScopeDisabled:      "The scope of this operation is not enabled for your account. List the scopes to see which are.",
	pontage.RequirementMissing: "Your account does not fulfil what this scope requires. Open the scope's detail to see what is missing.",
	pontage.NotSellable:        "This operation is not for sale. List the scopes to see which are.",
	pontage.AddressRefused:     "The token may not be used from this address. Call from an allowed one, or change the token's IP list.",
	pontage.RateLimited:        "Too many requests. Try again after the time given in Retry-After.",
	pontage.LimitExhausted:     "A limit of this token is used up. Raise the limit, or use another token.",
	pontage.InsufficientCredit: "The credit does not cover this call. Top up the wallet.",
	pontage.KeyReused:          "The key was used for another call of this operation. Send this call with a new key.",
	pontage.KeyInProgress:      "A call with this key is under way. Try again after the time given in Retry-After.",
	pontage.Conflict:           "This call id was used for another call, or its call was given back. Send the call with a new id.",
}

// failures are the messages of calls that were admitted and given back.
var failures = map[pontage.Code]string{
	pontage.BadGateway:     "The API failed to answer. The call was not charged.",
	pontage.GatewayTimeout: "The API did not answer in time. The call was not charged.",
	pontage.Unavailable:    "The call could not be completed. It was not charged.",
	pontage.TooLarge:       "The body is larger than the API accepts. The call was not charged.",
}

// refusal makes the error of a refused call.
func refusal(code pontage.Code) *pontage.Error {
	return &pontage.Error{Code: code, Message: refusals[code]}
}

// Refusals gives the message of every code a call may be refused with, for documents.
func Refusals() map[pontage.Code]string {
	all := make(map[pontage.Code]string, len(refusals))
	for code, text := range refusals {
		all[code] = text
	}
	return all
}
