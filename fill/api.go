package fill

import (
	"github.com/pontage/pontage"
)

// Host is that of the API that is called.
const Host = "fill.example"

// Document is the API that is called, Prices its price file: what the wallet pays, what is free, what an allowance pays and what a
// subscription does.
const (
	Document = `openapi: 3.0.3
info: {title: Fill, version: 1.0.0}
servers: [{url: 'https://` + Host + `'}]
paths:
  /paid/{id}:
    get: {parameters: [&id {name: id, in: path, required: true, schema: {type: string}}], responses: {'200': {description: An answer.}}}
  /free/{id}:
    get: {parameters: [*id], responses: {'200': {description: An answer.}}}
  /trial/{id}:
    get: {parameters: [*id], responses: {'200': {description: An answer.}}}
  /plan/{id}:
    get: {parameters: [*id], responses: {'200': {description: An answer.}}}
`
	Prices = `scopes:
  "GET:` + Host + `/paid": {prices: {request: 0.01}}
  "GET:` + Host + `/free": {prices: {request: 0}}
  "GET:` + Host + `/trial": {prices: {request: 0.02}, allowance: {day: 1000000, month: false, year: false, total: false}}
  "GET:` + Host + `/plan": {prices: {request: 0.05, monthly: 10}}
`
)

// The scopes by what they are for.
const (
	paid = iota
	free
	trial
	plan
)

var segments = [...]string{paid: "paid", free: "free", trial: "trial", plan: "plan"}

// product is a scope with its operation.
type product struct {
	scope     pontage.ScopeID
	operation pontage.OperationID
	price     pontage.Money
}

// products finds the four scopes in the catalogue.
func products(all *pontage.Catalog) (found [len(segments)]product, err error) {
	for place, segment := range segments {
		for _, s := range all.Scopes {
			if s.Host == Host && s.Segment == segment && s.Price != nil {
				found[place] = product{scope: s.ID, price: *s.Price}
			}
		}
		for _, o := range all.Operations {
			if o.ScopeID == found[place].scope {
				found[place].operation = o.ID
			}
		}
		if found[place].operation == "" {
			return found, pontage.E(pontage.NotFound, "The catalogue lacks the scope of %s/%s.", Host, segment)
		}
	}
	return found, nil
}
