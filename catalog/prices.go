package catalog

import (
	"fmt"
	"slices"

	"github.com/pontage/pontage"
)

// maxPriceFile bounds a price file in bytes.
const maxPriceFile = 4 << 20

// PriceList is a price file, read and checked. Its form, with every key there is:
//
//	apis:
//	  company.example.com:               # a host, "*" or "*.example.com"
//	    free: [401, 403, 404, 407, 408, 429]   # 4xx of the upstream that cost nothing; absent means 401, 403, 407, 408, 429
//	scopes:
//	  "*:*/*":                           # a scope or a pattern, METHOD:host/path
//	    prices: {request: 0}
//	  "GET:company.example.com/IT-start":
//	    prices:                          # or false: not for sale
//	      request: 0.05                  # the price of one call, at most 6 decimals; 0 is free and must be written
//	      contract: 10                   # every other key is an offer, shown and never charged per call
//	    subscriptions:                   # prepaid calls for sale; or false
//	      - {term: monthly, requests: 1000, price: 10}
//	      - {term: annual, requests: 12000, price: 100}
//	    allowance: {day: 10, month: 100, year: false, total: false}   # calls that are free; false does not bound; or false
//	    rate: 100/min                    # calls per minute, token and scope; or false: the instance's default
//	    requirements: [contract-signed]  # names an account must have fulfilled
//	    restricted: true                 # open only to accounts that were granted it
//
// Entries count in the order of the file: a later one replaces, key by key, what an earlier one said for the same scope. A scope
// that no entry gives a price for `request` is not for sale. Hosts may be written with the instance's prefix or without.
type PriceList struct {
	apis   []*apiEntry
	scopes []*scopeEntry
}

// apiEntry is what holds for a whole API.
type apiEntry struct {
	pattern pattern
	free    []int
	used    bool
}

// scopeEntry is what one pattern says; nil fields say nothing.
type scopeEntry struct {
	pattern pattern
	used    bool

	priced bool
	price  *pontage.Money
	offers map[string]pontage.Money
	// subscriptions is nil where the entry says nothing of them, empty where it says that there are none.
	subscriptions []pontage.SubscriptionOffer
	allowance     *pontage.Allowance
	rate          *int64
	requirements  *[]string
	restricted    *bool
}

// ParsePrices reads a price file strictly: an unknown key, a wrong type, a key that stands twice, an amount with more than 6
// decimals are InvalidInput at "prices", with the line and the way to it.
func ParsePrices(data []byte) (*PriceList, error) {
	root, err := parsePriceNode(data)
	if err != nil {
		return nil, err
	}
	list := &PriceList{}
	err = root.each(map[string]func(place) error{"apis": list.readAPIs, "scopes": list.readScopes})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// apply gives a scope the terms its entries say; what none says is taken away.
func (l *PriceList) apply(sc *pontage.Scope, prefix string) {
	sc.Price, sc.Offers, sc.Allowance, sc.RatePerMinute = nil, nil, pontage.Allowance{}, 0
	sc.Requirements, sc.Restricted, sc.Subscriptions = nil, false, nil
	for _, e := range l.scopes {
		if !e.pattern.matches(sc, prefix) {
			continue
		}
		e.used = true
		if e.priced {
			sc.Price, sc.Offers = e.price, e.offers
		}
		if e.subscriptions != nil {
			sc.Subscriptions = e.subscriptions
		}
		if e.allowance != nil {
			sc.Allowance = *e.allowance
		}
		if e.rate != nil {
			sc.RatePerMinute = *e.rate
		}
		if e.requirements != nil {
			sc.Requirements = *e.requirements
		}
		if e.restricted != nil {
			sc.Restricted = *e.restricted
		}
	}
}

// freeStatuses gives what the last fitting entry says of an API, nil where none does.
func (l *PriceList) freeStatuses(host, prefix string) []int {
	var free []int
	for _, e := range l.apis {
		if e.pattern.matchesHost(host, prefix) {
			e.used, free = true, e.free
		}
	}
	return free
}

// unused lists the entries that fitted nothing.
func (l *PriceList) unused() []string {
	if l == nil {
		return nil
	}
	var texts []string
	for _, e := range l.apis {
		if !e.used {
			texts = append(texts, e.pattern.text)
		}
	}
	for _, e := range l.scopes {
		if !e.used {
			texts = append(texts, e.pattern.text)
		}
	}
	return texts
}

// readAPIs reads the part "apis".
func (l *PriceList) readAPIs(at place) error {
	return at.eachKey(func(host string, value place) error {
		p, err := parsePattern("*:" + host + "/*")
		if err != nil {
			return value.wrong("is not a host")
		}
		e := &apiEntry{pattern: p}
		e.pattern.text = host
		l.apis = append(l.apis, e)
		return value.each(map[string]func(place) error{"free": func(v place) error {
			e.free = []int{}
			return v.eachItem(func(item place) error {
				status, err := item.integer(400, 499)
				e.free = append(e.free, int(status))
				return err
			})
		}})
	})
}

// readScopes reads the part "scopes".
func (l *PriceList) readScopes(at place) error {
	return at.eachKey(func(text string, value place) error {
		p, err := parsePattern(text)
		if err != nil {
			return value.wrong("is not of the form METHOD:host/path")
		}
		e := &scopeEntry{pattern: p}
		l.scopes = append(l.scopes, e)
		return value.each(map[string]func(place) error{
			"prices": e.readPrices, "subscriptions": e.readSubscriptions, "allowance": e.readAllowance, "rate": e.readRate,
			"requirements": e.readRequirements, "restricted": e.readRestricted,
		})
	})
}

func (e *scopeEntry) readPrices(at place) error {
	e.priced = true
	if at.isFalse() {
		return nil
	}
	return at.eachKey(func(key string, value place) error {
		if !validRequirement(key) {
			return value.wrong("is not a name")
		}
		amount, err := value.amount()
		if err != nil {
			return err
		}
		if key == "request" {
			e.price = &amount
			return nil
		}
		if e.offers == nil {
			e.offers = map[string]pontage.Money{}
		}
		e.offers[key] = amount
		return nil
	})
}

func (e *scopeEntry) readAllowance(at place) error {
	e.allowance = &pontage.Allowance{}
	if at.isFalse() {
		return nil
	}
	window := func(into **int64) func(place) error {
		return func(value place) error {
			if value.isFalse() {
				return nil
			}
			n, err := value.integer(0, 1_000_000_000_000)
			*into = &n
			return err
		}
	}
	a := e.allowance
	return at.each(map[string]func(place) error{"day": window(&a.Day), "month": window(&a.Month),
		"year": window(&a.Year), "total": window(&a.Total)})
}

func (e *scopeEntry) readRate(at place) error {
	var perMinute int64
	if !at.isFalse() {
		text, err := at.text()
		if err != nil {
			return err
		}
		if _, err := fmt.Sscanf(text, "%d/min", &perMinute); err != nil || perMinute < 1 || perMinute > 1_000_000_000 ||
			text != fmt.Sprintf("%d/min", perMinute) {
			return at.wrong("must be like 100/min, or false")
		}
	}
	e.rate = &perMinute
	return nil
}

func (e *scopeEntry) readRequirements(at place) error {
	e.requirements = &[]string{}
	return at.eachItem(func(item place) error {
		name, err := item.text()
		if err != nil {
			return err
		}
		if !validRequirement(name) {
			return item.wrong("is not a name: 1 to 64 letters, digits, dots, dashes or underscores")
		}
		if slices.Contains(*e.requirements, name) {
			return item.wrong("stands twice")
		}
		*e.requirements = append(*e.requirements, name)
		return nil
	})
}

func (e *scopeEntry) readRestricted(at place) error {
	value, err := at.boolean()
	e.restricted = &value
	return err
}
